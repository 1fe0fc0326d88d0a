defmodule GenServerd do
  @moduledoc """
  Calls and casts to a genserverd: any number at a time, over one connection.

  It is a GenServer itself. When the connection is lost it ends, and a supervisor may start another.
  """
  use GenServer

  def start_link(options \\ []), do: GenServer.start_link(__MODULE__, options)

  @doc "`{:ok, reply}`, or `{:error, %{\"code\" => …, \"message\" => …, \"executed\" => …}}`."
  def call(client, to, msg, timeout \\ 5000) do
    request = %{op: "call", to: to, msg: msg, timeout_ms: timeout}
    # The daemon's own timer should be faster.
    GenServer.call(client, {:ask, request}, timeout + 1000)
  end

  @doc "Sends a message; nothing tells whether it arrived."
  def cast(client, to, msg), do: GenServer.cast(client, {:send, %{op: "cast", to: to, msg: msg}})

  @doc "Sends a message and waits until it is in the process's mailbox."
  def cast_confirmed(client, to, msg, timeout \\ 5000),
    do: GenServer.call(client, {:ask, %{op: "cast", to: to, msg: msg}}, timeout)

  @impl true
  def init(options) do
    host = Keyword.get(options, :host, "127.0.0.1")
    port = Keyword.get(options, :port, 6470)

    case :gen_tcp.connect(to_charlist(host), port, [:binary, packet: 4, active: :once, nodelay: true], 5000) do
      {:ok, socket} -> {:ok, %{socket: socket, last_id: 0, open: %{}}}
      {:error, reason} -> {:stop, reason}
    end
  end

  @impl true
  def handle_call({:ask, request}, from, state) do
    id = state.last_id + 1
    send_message(state, Map.put(request, :id, id))
    {:noreply, %{state | last_id: id, open: Map.put(state.open, id, from)}}
  end

  @impl true
  def handle_cast({:send, message}, state) do
    send_message(state, message)
    {:noreply, state}
  end

  @impl true
  def handle_info({:tcp, socket, frame}, state) do
    :inet.setopts(socket, active: :once)
    answer = JSON.decode!(frame)
    {from, open} = Map.pop(state.open, answer["id"])
    if answer["op"] == "ping", do: send_message(state, %{op: "ping"})

    case answer do
      _ when from == nil -> :ok
      %{"op" => "error", "error" => error} -> GenServer.reply(from, {:error, error})
      _ -> GenServer.reply(from, {:ok, answer["result"]})
    end

    {:noreply, %{state | open: open}}
  end

  def handle_info({:tcp_closed, _socket}, state), do: lost(state, "closed")
  def handle_info({:tcp_error, _socket, reason}, state), do: lost(state, reason)

  defp lost(state, reason) do
    error = %{"code" => "unavailable", "message" => "connection #{reason}", "executed" => "maybe"}
    Enum.each(state.open, fn {_id, from} -> GenServer.reply(from, {:error, error}) end)
    {:stop, :normal, state}
  end

  defp send_message(state, message), do: :gen_tcp.send(state.socket, JSON.encode!(message))
end
