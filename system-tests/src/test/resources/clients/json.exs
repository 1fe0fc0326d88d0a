# The module JSON of Elixir 1.18, for an older one.
unless Code.ensure_loaded?(JSON) do
  defmodule JSON do
    def encode!(term), do: :jiffy.encode(term)
    def decode!(json), do: :jiffy.decode(json, [:return_maps, :use_nil])
  end
end
