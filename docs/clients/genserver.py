"""Calls and casts to a genserverd. A client is for one thread."""

import json
import socket


class GenServerError(Exception):
    """A request that failed. `executed` says whether the process saw it: no, maybe or yes."""

    def __init__(self, code, message, executed, details=None):
        super().__init__(f"{code}: {message}")
        self.code, self.executed, self.details = code, executed, details or {}


class Client:
    def __init__(self, host="127.0.0.1", port=6470, token=None, tls=None):
        self._socket = socket.create_connection((host, port), timeout=5)
        if tls:
            self._socket = tls.wrap_socket(self._socket, server_hostname=host)
        self._stream = self._socket.makefile("rwb")
        self._id = 0
        if token:
            self._ask({"op": "hello", "versions": [1], "token": token}, timeout=5)

    def call(self, to, msg, timeout=5.0):
        """The reply of a process. `timeout` is in seconds."""
        request = {"op": "call", "to": to, "msg": msg, "timeout_ms": int(timeout * 1000)}
        return self._ask(request, timeout)["result"]

    def cast(self, to, msg):
        """Sends a message; nothing tells whether it arrived."""
        self._send({"op": "cast", "to": to, "msg": msg})

    def cast_confirmed(self, to, msg, timeout=5.0):
        """Sends a message and waits until it is in the process's mailbox."""
        self._ask({"op": "cast", "to": to, "msg": msg}, timeout)

    def close(self):
        self._socket.close()

    def _ask(self, request, timeout):
        self._id += 1
        self._socket.settimeout(timeout + 1)  # the daemon's own timer should be faster
        try:
            self._send({"id": self._id, **request})
            answer = self._receive()
            while answer.get("id") != self._id:  # a ping, a goodbye, or of a later version
                answer = self._receive()
        except OSError as problem:
            self.close()  # the daemon cancels what was open, and nothing comes late
            code = "timeout" if isinstance(problem, TimeoutError) else "unavailable"
            raise GenServerError(code, str(problem), "maybe") from problem
        if answer["op"] == "error":
            raise GenServerError(**answer["error"])
        return answer

    def _send(self, message):
        frame = json.dumps(message).encode()
        self._stream.write(len(frame).to_bytes(4, "big") + frame)
        self._stream.flush()

    def _receive(self):
        return json.loads(self._read(int.from_bytes(self._read(4), "big")))

    def _read(self, count):
        data = self._stream.read(count)  # reads on until it has them all
        if len(data) < count:
            raise ConnectionError("the daemon closed the connection")
        return data
