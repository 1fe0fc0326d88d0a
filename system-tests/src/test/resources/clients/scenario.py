import sys

from genserver import Client, GenServerError


def attempt(call):
    try:
        print(call())
    except GenServerError as error:
        print(error.code, error.executed)


client = Client(port=int(sys.argv[1]))
client.cast_confirmed("counter", "reset")
attempt(lambda: client.call("counter", {"type": "add", "by": 3}))
client.cast("counter", "reset")
attempt(lambda: client.call("counter", "get"))
attempt(lambda: client.cast_confirmed("countr", "reset"))
attempt(lambda: client.call("counter", "gett"))
attempt(lambda: client.call("kv", {"type": "put", "key": "long", "value": 'é"x' * 20000})["type"])
attempt(lambda: len(client.call("kv", {"type": "get", "key": "long"})))
attempt(lambda: client.call("wayward", {"type": "sleep", "millis": 1000}, timeout=0.1))
odd = Client(port=int(sys.argv[2]))
attempt(lambda: odd.call("dribbling", "get"))
attempt(lambda: odd.call("silent", "get", timeout=0.1))
attempt(lambda: Client(port=int(sys.argv[2])).call("gone", "get"))
