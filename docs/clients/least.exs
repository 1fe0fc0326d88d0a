[port] = System.argv()
options = [:binary, packet: 4, active: false]
{:ok, socket} = :gen_tcp.connect(~c"127.0.0.1", String.to_integer(port), options, 5000)
send = fn message -> :ok = :gen_tcp.send(socket, JSON.encode!(message)) end

# What comes with another id is a ping of the daemon's, say.
answer = fn answer, id ->
  {:ok, frame} = :gen_tcp.recv(socket, 0, 6000)
  message = JSON.decode!(frame)
  if message["id"] == id, do: message, else: answer.(answer, id)
end

call = fn to, msg ->
  send.(%{op: "call", id: 1, to: to, msg: msg, timeout_ms: 5000})
  answer.(answer, 1)
end

IO.puts(call.("counter", %{type: "add", by: 3})["result"])
send.(%{op: "cast", to: "counter", msg: "reset"})
IO.puts(call.("counter", "get")["result"])
error = call.("conter", "get")["error"]
IO.puts("#{error["code"]} #{error["executed"]}")
