"""Uploads a model in parts with both Python clients: `upload_model.py HOST:PORT MODEL.onnx METADATA.json`. Prints what was registered."""

import asyncio
import hashlib
import json
import sys

from arbitrex.ml.v1.model_registry_pb2 import RegisterModelRequest, UploadModelRequest
from arbitrex_ml import AsyncMlClient, MlClient, MlRpcError
from google.protobuf.json_format import ParseDict

address, model_path, metadata_path = sys.argv[1:4]
with open(model_path, "rb") as file:
    model = file.read()
with open(metadata_path, encoding="utf-8") as file:
    metadata = json.load(file) | {"sha256": hashlib.sha256(model).hexdigest()}


def parts(version):
    header = RegisterModelRequest(model_name="signal_filter", version=version, actor="test")
    ParseDict(metadata, header.metadata)
    yield UploadModelRequest(header=header)
    for start in range(0, len(model), 1_000):
        yield UploadModelRequest(chunk=model[start : start + 1_000])


def describe(error):
    return f"{error.code.name} {error.resource.name}"


with MlClient(address, token="s3cret") as client:
    print(client.models.UploadModel(parts("v2.0.0")).model.version)
    try:
        client.models.UploadModel(parts("v2.0.0"))
    except MlRpcError as error:
        print(describe(error))


async def main():
    async with AsyncMlClient(address, token="s3cret") as client:
        print((await client.models.UploadModel(parts("v3.0.0"))).model.version)
        try:
            await client.models.UploadModel(parts("v3.0.0"))
        except MlRpcError as error:
            print(describe(error))


asyncio.run(main())
