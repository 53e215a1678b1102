"""Decides over mutual TLS with both Python clients: `certified_client.py HOST:PORT CERT.pem KEY.pem`."""

import asyncio
import sys

import grpc
from arbitrex_ml import AsyncMlClient, MlClient, MlRpcError, TlsOptions, create_request

address, cert_path, key_path = sys.argv[1:4]
with open(cert_path, encoding="ascii") as file:
    cert = file.read()
with open(key_path, encoding="ascii") as file:
    key = file.read()
known = TlsOptions(ca=cert, cert=cert, key=key, server_name="localhost")
request = create_request("EURUSD", "4H", {})

with MlClient(address, tls=known) as client:
    print(client.predict(request, deadline=20).symbol)


async def main():
    async with AsyncMlClient(address, tls=known) as client:
        print((await client.predict(request, deadline=20)).symbol)


asyncio.run(main())

for stranger in (TlsOptions(ca=cert), TlsOptions(cert=cert, key=key), True):
    with MlClient(address, tls=stranger) as client:
        try:
            client.predict(request, deadline=20)
        except MlRpcError as error:
            print(error.code is grpc.StatusCode.UNAVAILABLE)
