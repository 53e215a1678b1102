"""Every way in which a call fails, with what the service says about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from google.rpc import error_details_pb2 as details_pb2
from google.rpc.status_pb2 import Status

_DETAILS_KEY = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}
_M = TypeVar("_M", bound=Message)


@dataclass(frozen=True)
class FieldViolation:
    """One wrong field of a request."""

    field: str
    """Path of the field, e.g. features["atr"].values[117]."""
    description: str


@dataclass(frozen=True)
class PreconditionViolation:
    """One condition that must change before the call can succeed."""

    type: str
    subject: str
    description: str


@dataclass(frozen=True)
class ResourceFault:
    """What the call was about and could not find, or found where it must not be."""

    type: str
    name: str
    description: str


class MlRpcError(Exception):
    """A call failed."""

    def __init__(self, code: grpc.StatusCode, message: str, details: Iterable[Any] = ()) -> None:
        super().__init__(f"{code.name}: {message}")
        packed = list(details)
        self.code = code
        self.message = message
        infos = _unpack(packed, details_pb2.ErrorInfo)
        self.reason: str | None = infos[0].reason if infos else None
        """Cause for programs, e.g. INVALID_INPUT; None when the service never answered."""
        self.domain: str | None = infos[0].domain if infos else None
        self.field_violations = tuple(
            FieldViolation(each.field, each.description)
            for detail in _unpack(packed, details_pb2.BadRequest)
            for each in detail.field_violations
        )
        self.precondition_violations = tuple(
            PreconditionViolation(each.type, each.subject, each.description)
            for detail in _unpack(packed, details_pb2.PreconditionFailure)
            for each in detail.violations
        )
        resources = _unpack(packed, details_pb2.ResourceInfo)
        self.resource: ResourceFault | None = (
            ResourceFault(resources[0].resource_type, resources[0].resource_name, resources[0].description)
            if resources
            else None
        )
        delays = _unpack(packed, details_pb2.RetryInfo)
        self.retry_delay: float | None = delays[0].retry_delay.ToNanoseconds() / 1e9 if delays else None
        """Seconds after which another try may succeed."""

    @classmethod
    def from_status(cls, status: Status) -> MlRpcError:
        """Of the error that stands in the place of one item's answer."""
        return cls(_CODES.get(status.code, grpc.StatusCode.UNKNOWN), status.message, status.details)

    @classmethod
    def from_rpc_error(cls, error: BaseException) -> MlRpcError:
        """Of what gRPC raised."""
        if isinstance(error, MlRpcError):
            return error
        # Both kinds of call, and the errors of asyncio, have these three.
        code = getattr(error, "code", lambda: None)() or grpc.StatusCode.UNKNOWN
        message = getattr(error, "details", lambda: None)() or str(error)
        metadata: Iterable[tuple[str, bytes]] = getattr(error, "trailing_metadata", tuple)() or ()
        details = next((value for key, value in metadata if key == _DETAILS_KEY), b"")
        failure = cls(code, message, Status.FromString(details).details)
        failure.__cause__ = error
        return failure


def _unpack(details: list[Any], kind: type[_M]) -> list[_M]:
    found = []
    for detail in details:
        message = kind()
        if detail.Unpack(message):
            found.append(message)
    return found
