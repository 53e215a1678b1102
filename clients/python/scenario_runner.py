"""The runner that clients/scenarios/README.md describes, for the Python client: `scenario_runner.py sync` or `… asyncio`."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from arbitrex.ml.v1 import config_pb2, inference_pb2, model_registry_pb2, monitoring_pb2
from arbitrex_ml import AsyncBatchSession, AsyncMlClient, BatchSession, MlClient, MlRpcError, TlsOptions

Json = dict[str, Any]
SERVICES = {
    "ModelRegistryService": ("models", model_registry_pb2),
    "ConfigService": ("config", config_pb2),
    "MonitoringService": ("monitoring", monitoring_pb2),
}


def decode(kind: Any, text: str) -> Any:
    return kind.FromString(base64.b64decode(text))


def encode(message: Any) -> Json:
    return {"message": base64.b64encode(message.SerializeToString()).decode()}


def to_error(error: MlRpcError) -> Json:
    found: Json = {"code": error.code.name, "message": error.message}
    if error.reason is not None:
        found |= {"reason": error.reason, "domain": error.domain}
    if error.field_violations:
        found["fieldViolations"] = [vars(each) for each in error.field_violations]
    if error.precondition_violations:
        found["preconditionViolations"] = [vars(each) for each in error.precondition_violations]
    if error.resource is not None:
        found["resource"] = vars(error.resource)
    if error.retry_delay is not None:
        found["retryDelayMs"] = round(error.retry_delay * 1_000)
    return {"error": found}


def deadline_of(command: Json) -> float | None:
    return command["deadlineMs"] / 1_000 if "deadlineMs" in command else None


def connect_options(command: Json) -> Json:
    tls = TlsOptions(ca=command["ca"]) if "ca" in command else False
    return {"address": command["address"], "token": command.get("token"), "tls": tls}


class SyncRunner:
    """Obeys with the client for threads."""

    client: MlClient
    session: BatchSession

    def connect(self, command: Json) -> Json:
        if hasattr(self, "client"):
            self.client.close()
        self.client = MlClient(**connect_options(command))
        return {}

    def waitForHealth(self, command: Json) -> Json:
        self.client.wait_for_health(command["timeoutMs"] / 1_000)
        return {}

    def predict(self, command: Json) -> Json:
        request = decode(inference_pb2.PredictRequest, command["request"])
        return encode(self.client.predict(request, deadline=deadline_of(command)))

    def predictSymbols(self, command: Json) -> Json:
        request = decode(inference_pb2.PredictSymbolsRequest, command["request"])
        return encode(self.client.predict_symbols(request, deadline=deadline_of(command)))

    def openSession(self, _command: Json) -> Json:
        self.session = self.client.open_session()
        return {}

    def window(self, command: Json) -> Json:
        request = decode(inference_pb2.PredictRequest, command["request"])
        return encode(self.session.window(request, deadline=deadline_of(command)))

    def append(self, command: Json) -> Json:
        bars = [decode(inference_pb2.BatchPredictRequest.AppendBars, each) for each in command["bars"]]
        answers = [self.session.start(each, deadline=deadline_of(command)) for each in bars]
        items = []
        for answer in answers:
            try:
                items.append(encode(answer.result()))
            except MlRpcError as error:
                items.append(to_error(error))
        return {"items": items}

    def closeSession(self, _command: Json) -> Json:
        self.session.close()
        return {}

    def call(self, command: Json) -> Json:
        attribute, module = SERVICES[command["service"]]
        method = getattr(getattr(self.client, attribute), command["method"])
        request = decode(getattr(module, command["method"] + "Request"), command["request"])
        return encode(method(request, timeout=deadline_of(command)))

    def obey(self, command: Json) -> Json:
        operation: Callable[[Json], Json] = getattr(self, command["op"])
        return operation(command)


class AsyncRunner:
    """Obeys with the client for asyncio."""

    client: AsyncMlClient
    session: AsyncBatchSession

    async def connect(self, command: Json) -> Json:
        if hasattr(self, "client"):
            await self.client.close()
        self.client = AsyncMlClient(**connect_options(command))
        return {}

    async def waitForHealth(self, command: Json) -> Json:
        await self.client.wait_for_health(command["timeoutMs"] / 1_000)
        return {}

    async def predict(self, command: Json) -> Json:
        request = decode(inference_pb2.PredictRequest, command["request"])
        return encode(await self.client.predict(request, deadline=deadline_of(command)))

    async def predictSymbols(self, command: Json) -> Json:
        request = decode(inference_pb2.PredictSymbolsRequest, command["request"])
        return encode(await self.client.predict_symbols(request, deadline=deadline_of(command)))

    async def openSession(self, _command: Json) -> Json:
        self.session = self.client.open_session()
        return {}

    async def window(self, command: Json) -> Json:
        request = decode(inference_pb2.PredictRequest, command["request"])
        return encode(await self.session.window(request, deadline=deadline_of(command)))

    async def append(self, command: Json) -> Json:
        bars = [decode(inference_pb2.BatchPredictRequest.AppendBars, each) for each in command["bars"]]
        answers = [self.session.start(each, deadline=deadline_of(command)) for each in bars]
        items = []
        for outcome in await asyncio.gather(*answers, return_exceptions=True):
            if isinstance(outcome, MlRpcError):
                items.append(to_error(outcome))
            elif isinstance(outcome, BaseException):
                raise outcome
            else:
                items.append(encode(outcome))
        return {"items": items}

    async def closeSession(self, _command: Json) -> Json:
        await self.session.close()
        return {}

    async def call(self, command: Json) -> Json:
        attribute, module = SERVICES[command["service"]]
        method = getattr(getattr(self.client, attribute), command["method"])
        request = decode(getattr(module, command["method"] + "Request"), command["request"])
        return encode(await method(request, timeout=deadline_of(command)))

    async def obey(self, command: Json) -> Json:
        operation: Callable[[Json], Awaitable[Json]] = getattr(self, command["op"])
        return await operation(command)


def to_failure(error: Exception) -> Json:
    return to_error(error) if isinstance(error, MlRpcError) else {"fault": repr(error)}


def run_sync() -> None:
    runner = SyncRunner()
    for line in sys.stdin:
        try:
            reply = {"ok": runner.obey(json.loads(line))}
        except Exception as error:
            # The harness is told of whatever went wrong.
            reply = to_failure(error)
        print(json.dumps(reply), flush=True)


async def run_asyncio() -> None:
    runner = AsyncRunner()
    loop = asyncio.get_running_loop()
    # In a thread, so that streams go on while the next command is waited for.
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            reply = {"ok": await runner.obey(json.loads(line))}
        except Exception as error:
            reply = to_failure(error)
        print(json.dumps(reply), flush=True)
    if hasattr(runner, "client"):
        await runner.client.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["asyncio"]:
        asyncio.run(run_asyncio())
    else:
        run_sync()
