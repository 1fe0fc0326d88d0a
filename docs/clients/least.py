import json
import socket
import sys

stream = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=6).makefile("rwb")


def send(message):
    frame = json.dumps(message).encode()
    stream.write(len(frame).to_bytes(4, "big") + frame)
    stream.flush()


def call(to, msg, call_id=1):
    send({"op": "call", "id": call_id, "to": to, "msg": msg, "timeout_ms": 5000})
    while True:
        answer = json.loads(stream.read(int.from_bytes(stream.read(4), "big")))
        if answer.get("id") == call_id:  # and not a ping of the daemon's
            return answer


print(call("counter", {"type": "add", "by": 3})["result"])
send({"op": "cast", "to": "counter", "msg": "reset"})
print(call("counter", "get")["result"])
error = call("conter", "get")["error"]
print(error["code"], error["executed"])
