[port, odd_port] = Enum.map(System.argv(), &String.to_integer/1)

attempt = fn call ->
  case call.() do
    :ok -> IO.puts("ok")
    {:ok, result} -> IO.puts(result)
    {:error, error} -> IO.puts("#{error["code"]} #{error["executed"]}")
  end
end

{:ok, client} = GenServerd.start_link(port: port)
{:ok, _} = GenServerd.cast_confirmed(client, "counter", "reset")
attempt.(fn -> GenServerd.call(client, "counter", %{type: "add", by: 3}) end)
GenServerd.cast(client, "counter", "reset")
attempt.(fn -> GenServerd.call(client, "counter", "get") end)
attempt.(fn -> GenServerd.cast_confirmed(client, "countr", "reset") end)
attempt.(fn -> GenServerd.call(client, "counter", "gett") end)
value = String.duplicate("é\"x", 20_000)
{:ok, put} = GenServerd.call(client, "kv", %{type: "put", key: "long", value: value})
IO.puts(put["type"])
{:ok, got} = GenServerd.call(client, "kv", %{type: "get", key: "long"})
IO.puts(String.length(got))
attempt.(fn -> GenServerd.call(client, "wayward", %{type: "sleep", millis: 1000}, 100) end)
{:ok, odd} = GenServerd.start_link(port: odd_port)
attempt.(fn -> GenServerd.call(odd, "dribbling", "get") end)

try do
  GenServerd.call(odd, "silent", "get", 100)
catch
  :exit, {:timeout, _} -> IO.puts("timeout maybe")
end

attempt.(fn -> GenServerd.call(odd, "gone", "get") end)
