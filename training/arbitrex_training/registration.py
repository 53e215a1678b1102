"""Registers a trained model with a running service, through the generated Python client over gRPC."""

import json
import pathlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from .table import TrainingError

# One message holds 4 MiB, metadata included; a larger model goes in pieces.
ONE_MESSAGE_MAX = 3 * 1024**2
CHUNK = 256 * 1024


class RefusedError(Exception):
    """The service did not take the model; the message says why in its own words."""


@dataclass(frozen=True)
class Registered:
    name: str
    version: str
    sha256: str
    state: str


@dataclass(frozen=True)
class Trained:
    """A model as `arbitrex-train` leaves it in a folder."""

    model: bytes
    metadata: dict

    @property
    def name(self) -> str:
        return str(self.metadata.get("model_name", ""))


def read_trained(folder: str) -> Trained:
    path = pathlib.Path(folder)
    try:
        model = (path / "model.onnx").read_bytes()
        metadata = json.loads((path / "metadata.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise TrainingError(f"{folder} holds no trained model: {error}") from error
    if not isinstance(metadata, dict):
        raise TrainingError(f"{path / 'metadata.json'} is no JSON object")
    return Trained(model, metadata)


def register(trained: Trained, server: str, actor: str, version: str = "", token: str | None = None, ca: str | None = None) -> Registered:
    """
    Adds the model as a version that decides nothing yet; what makes it decide is its alias.

    Raises RefusedError with the service's typed error, or when nobody answers.
    """
    # Only who registers needs the client, which is not on a package index.
    try:
        from arbitrex.ml.v1 import model_registry_pb2 as pb
        from arbitrex_ml import MlClient, MlRpcError, TlsOptions
    except ImportError as error:
        raise TrainingError(f"registering needs the client: pip install ./clients/python ({error})") from error
    header = pb.RegisterModelRequest(model_name=trained.name, version=version, actor=actor)
    header.metadata.update(trained.metadata)
    print(f"registering {trained.name} at {server}: {len(trained.model)} bytes", file=sys.stderr)
    with MlClient(server, token=token, tls=False if ca is None else TlsOptions(ca=ca)) as client:
        try:
            if len(trained.model) > ONE_MESSAGE_MAX:
                answer = client.models.UploadModel(split(pb, header, trained.model))
            else:
                header.model = trained.model
                answer = client.models.RegisterModel(header)
        except MlRpcError as error:
            raise RefusedError(describe(error)) from error
    model = answer.model
    return Registered(model.model_name, model.version, model.sha256, pb.ModelVersion.State.Name(model.state))


def split(pb, header, model: bytes) -> Iterator:
    yield pb.UploadModelRequest(header=header)
    for start in range(0, len(model), CHUNK):
        yield pb.UploadModelRequest(chunk=model[start : start + CHUNK])
        print(f"sent {min(start + CHUNK, len(model))} of {len(model)} bytes", file=sys.stderr)


def describe(error) -> str:
    """One line for the error, one for each thing that is wrong."""
    lines = [f"{error.code.name}{f' ({error.reason})' if error.reason else ''}: {error.message}"]
    lines += [f"  {each.field}: {each.description}" for each in error.field_violations]
    lines += [f"  {each.subject}: {each.description}" for each in error.precondition_violations]
    if error.resource is not None:
        lines.append(f"  {error.resource.type} {error.resource.name}")
    if error.retry_delay is not None:
        lines.append(f"  may be tried again in {error.retry_delay:g} s")
    return "\n".join(lines)
