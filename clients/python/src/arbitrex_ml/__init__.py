"""Client of the Arbitrex ML layer: may this signal trade now?"""

from arbitrex_ml.aio import AsyncMlClient
from arbitrex_ml.aio_session import AsyncBatchSession
from arbitrex_ml.channel import TlsOptions
from arbitrex_ml.client import MlClient
from arbitrex_ml.errors import FieldViolation, MlRpcError, PreconditionViolation, ResourceFault
from arbitrex_ml.messages import create_append, create_request
from arbitrex_ml.session import BatchSession

__all__ = [
    "AsyncBatchSession",
    "AsyncMlClient",
    "BatchSession",
    "FieldViolation",
    "MlClient",
    "MlRpcError",
    "PreconditionViolation",
    "ResourceFault",
    "TlsOptions",
    "create_append",
    "create_request",
]
