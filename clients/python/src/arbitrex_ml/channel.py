"""What the channels of both clients have in common."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import grpc

RECEIVE_BYTES_MAX = 67_108_864
"""Largest answer that is read: whole registries and exports fit."""

DECISION_DEADLINE = 1.0
ADMIN_DEADLINE = 30.0
REGISTRATION_DEADLINE = 120.0
"""The file is sent and its check has 30 seconds of its own."""

HEALTH_CHECK_TIMEOUT = 1.0
HEALTH_POLL_INTERVAL = 0.1
PASSING_CODES = frozenset(
    {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}
)
"""What a service that is not there yet, or is just going, answers health checks with."""

_REGISTRATIONS = ("/RegisterModel", "/UploadModel")


@dataclass(frozen=True)
class TlsOptions:
    """Who the service is, and who we are; all in PEM."""

    ca: str | bytes | None = None
    """Certificates to trust. Default: those that gRPC trusts."""
    server_name: str | None = None
    """Name on the certificate, where it is not that of the address."""
    cert: str | bytes | None = None
    """Our own certificate, for a proxy that asks for one."""
    key: str | bytes | None = None


def channel_options(tls: TlsOptions | None) -> list[tuple[str, str | int]]:
    """Retries from the service config, limits, and reconnections that suit a restart."""
    service_config = files("arbitrex_ml").joinpath("service-config.json").read_text(encoding="utf-8")
    options: list[tuple[str, str | int]] = [
        ("grpc.service_config", service_config),
        ("grpc.enable_retries", 1),
        ("grpc.max_receive_message_length", RECEIVE_BYTES_MAX),
        # The service judges what is too large, and says so in its own words.
        ("grpc.max_send_message_length", -1),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1_000),
        ("grpc.keepalive_time_ms", 10_000),
        ("grpc.keepalive_timeout_ms", 5_000),
        # Clients do not share a connection, nor its fate.
        ("grpc.use_local_subchannel_pool", 1),
    ]
    if tls is not None and tls.server_name is not None:
        options.append(("grpc.ssl_target_name_override", tls.server_name))
    return options


def channel_credentials(tls: TlsOptions) -> grpc.ChannelCredentials:
    """The certificates as gRPC takes them."""
    return grpc.ssl_channel_credentials(_to_bytes(tls.ca), _to_bytes(tls.key), _to_bytes(tls.cert))


def call_metadata(token: str | None) -> tuple[tuple[str, str], ...]:
    """What every call says about its caller."""
    return () if token is None else (("authorization", f"Bearer {token}"),)


def admin_deadline(method: str | bytes, deadline: float) -> float:
    """Time for an administrative call whose caller named none."""
    name = method.decode() if isinstance(method, bytes) else method
    return REGISTRATION_DEADLINE if name.endswith(_REGISTRATIONS) else deadline


def tls_options(tls: TlsOptions | bool) -> TlsOptions | None:
    """None for plaintext."""
    if isinstance(tls, bool):
        return TlsOptions() if tls else None
    return tls


def _to_bytes(pem: str | bytes | None) -> bytes | None:
    return pem.encode() if isinstance(pem, str) else pem
