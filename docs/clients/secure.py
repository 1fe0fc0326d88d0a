import ssl

from genserver import Client

tls = ssl.create_default_context(cafile="certs/ca.crt")
with open("shop.token") as file:
    client = Client("localhost", 6470, token=file.read().strip(), tls=tls)
print(client.call("counter", "get"))
