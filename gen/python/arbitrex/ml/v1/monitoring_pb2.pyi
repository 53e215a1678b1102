import datetime

from arbitrex.ml.v1 import common_pb2 as _common_pb2
from arbitrex.ml.v1 import config_pb2 as _config_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetServiceInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetServiceInfoResponse(_message.Message):
    __slots__ = ("service", "version", "status", "endpoints")
    class EndpointsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ENDPOINTS_FIELD_NUMBER: _ClassVar[int]
    service: str
    version: str
    status: str
    endpoints: _containers.ScalarMap[str, str]
    def __init__(self, service: _Optional[str] = ..., version: _Optional[str] = ..., status: _Optional[str] = ..., endpoints: _Optional[_Mapping[str, str]] = ...) -> None: ...

class GetHealthRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetHealthResponse(_message.Message):
    __slots__ = ("status", "components", "config_hash", "uptime_seconds", "halts")
    class ComponentsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: bool
        def __init__(self, key: _Optional[str] = ..., value: bool = ...) -> None: ...
    STATUS_FIELD_NUMBER: _ClassVar[int]
    COMPONENTS_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    UPTIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    HALTS_FIELD_NUMBER: _ClassVar[int]
    status: str
    components: _containers.ScalarMap[str, bool]
    config_hash: str
    uptime_seconds: float
    halts: _containers.RepeatedCompositeFieldContainer[_config_pb2.Halt]
    def __init__(self, status: _Optional[str] = ..., components: _Optional[_Mapping[str, bool]] = ..., config_hash: _Optional[str] = ..., uptime_seconds: _Optional[float] = ..., halts: _Optional[_Iterable[_Union[_config_pb2.Halt, _Mapping]]] = ...) -> None: ...

class GetReadinessRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetReadinessResponse(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: str
    def __init__(self, status: _Optional[str] = ...) -> None: ...

class GetStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetStatusResponse(_message.Message):
    __slots__ = ("timestamp", "ml_version", "status", "uptime_seconds", "config_hash", "regime_model", "signal_model", "feature_version", "audit", "total_predictions", "halts")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    ML_VERSION_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    UPTIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    REGIME_MODEL_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_MODEL_FIELD_NUMBER: _ClassVar[int]
    FEATURE_VERSION_FIELD_NUMBER: _ClassVar[int]
    AUDIT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PREDICTIONS_FIELD_NUMBER: _ClassVar[int]
    HALTS_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    ml_version: str
    status: str
    uptime_seconds: float
    config_hash: str
    regime_model: _common_pb2.ModelRef
    signal_model: _common_pb2.ModelRef
    feature_version: str
    audit: AuditStatus
    total_predictions: int
    halts: _containers.RepeatedCompositeFieldContainer[_config_pb2.Halt]
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ml_version: _Optional[str] = ..., status: _Optional[str] = ..., uptime_seconds: _Optional[float] = ..., config_hash: _Optional[str] = ..., regime_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., signal_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., feature_version: _Optional[str] = ..., audit: _Optional[_Union[AuditStatus, _Mapping]] = ..., total_predictions: _Optional[int] = ..., halts: _Optional[_Iterable[_Union[_config_pb2.Halt, _Mapping]]] = ...) -> None: ...

class AuditStatus(_message.Message):
    __slots__ = ("path", "durability", "healthy", "last_seq", "last_hash", "queue_depth", "last_sync_ms")
    PATH_FIELD_NUMBER: _ClassVar[int]
    DURABILITY_FIELD_NUMBER: _ClassVar[int]
    HEALTHY_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    LAST_HASH_FIELD_NUMBER: _ClassVar[int]
    QUEUE_DEPTH_FIELD_NUMBER: _ClassVar[int]
    LAST_SYNC_MS_FIELD_NUMBER: _ClassVar[int]
    path: str
    durability: str
    healthy: bool
    last_seq: int
    last_hash: str
    queue_depth: int
    last_sync_ms: float
    def __init__(self, path: _Optional[str] = ..., durability: _Optional[str] = ..., healthy: bool = ..., last_seq: _Optional[int] = ..., last_hash: _Optional[str] = ..., queue_depth: _Optional[int] = ..., last_sync_ms: _Optional[float] = ...) -> None: ...

class GetMetricsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Metrics(_message.Message):
    __slots__ = ("total_predictions", "allowed", "suppressed", "allow_rate", "suppression_rate", "avg_processing_time_ms", "p50_processing_time_ms", "p95_processing_time_ms", "p99_processing_time_ms", "max_processing_time_ms", "regime_distribution", "avg_regime_confidence", "min_regime_confidence", "avg_signal_probability", "symbol_distribution", "timeframe_distribution", "gate_failures", "confidence_levels", "unstable_regime_share", "missing_inputs", "errors", "predictions_per_hour", "uptime_seconds", "config_hash", "model_versions", "audit_queue_depth", "audit_last_sync_ms", "shadow", "active_alerts", "missing_input_share", "windows", "outcomes")
    class RegimeDistributionEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class SymbolDistributionEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class TimeframeDistributionEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class GateFailuresEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class ConfidenceLevelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class MissingInputsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class ErrorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class ModelVersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class WindowsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: WindowMetrics
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[WindowMetrics, _Mapping]] = ...) -> None: ...
    TOTAL_PREDICTIONS_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    ALLOW_RATE_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_RATE_FIELD_NUMBER: _ClassVar[int]
    AVG_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    P50_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    P95_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    P99_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    REGIME_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    AVG_REGIME_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    MIN_REGIME_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    AVG_SIGNAL_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    GATE_FAILURES_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_LEVELS_FIELD_NUMBER: _ClassVar[int]
    UNSTABLE_REGIME_SHARE_FIELD_NUMBER: _ClassVar[int]
    MISSING_INPUTS_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    PREDICTIONS_PER_HOUR_FIELD_NUMBER: _ClassVar[int]
    UPTIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    AUDIT_QUEUE_DEPTH_FIELD_NUMBER: _ClassVar[int]
    AUDIT_LAST_SYNC_MS_FIELD_NUMBER: _ClassVar[int]
    SHADOW_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_ALERTS_FIELD_NUMBER: _ClassVar[int]
    MISSING_INPUT_SHARE_FIELD_NUMBER: _ClassVar[int]
    WINDOWS_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    total_predictions: int
    allowed: int
    suppressed: int
    allow_rate: float
    suppression_rate: float
    avg_processing_time_ms: float
    p50_processing_time_ms: float
    p95_processing_time_ms: float
    p99_processing_time_ms: float
    max_processing_time_ms: float
    regime_distribution: _containers.ScalarMap[str, int]
    avg_regime_confidence: float
    min_regime_confidence: float
    avg_signal_probability: float
    symbol_distribution: _containers.ScalarMap[str, int]
    timeframe_distribution: _containers.ScalarMap[str, int]
    gate_failures: _containers.ScalarMap[str, int]
    confidence_levels: _containers.ScalarMap[str, int]
    unstable_regime_share: float
    missing_inputs: _containers.ScalarMap[str, int]
    errors: _containers.ScalarMap[str, int]
    predictions_per_hour: float
    uptime_seconds: float
    config_hash: str
    model_versions: _containers.ScalarMap[str, str]
    audit_queue_depth: int
    audit_last_sync_ms: float
    shadow: ShadowMetrics
    active_alerts: int
    missing_input_share: float
    windows: _containers.MessageMap[str, WindowMetrics]
    outcomes: OutcomeMetrics
    def __init__(self, total_predictions: _Optional[int] = ..., allowed: _Optional[int] = ..., suppressed: _Optional[int] = ..., allow_rate: _Optional[float] = ..., suppression_rate: _Optional[float] = ..., avg_processing_time_ms: _Optional[float] = ..., p50_processing_time_ms: _Optional[float] = ..., p95_processing_time_ms: _Optional[float] = ..., p99_processing_time_ms: _Optional[float] = ..., max_processing_time_ms: _Optional[float] = ..., regime_distribution: _Optional[_Mapping[str, int]] = ..., avg_regime_confidence: _Optional[float] = ..., min_regime_confidence: _Optional[float] = ..., avg_signal_probability: _Optional[float] = ..., symbol_distribution: _Optional[_Mapping[str, int]] = ..., timeframe_distribution: _Optional[_Mapping[str, int]] = ..., gate_failures: _Optional[_Mapping[str, int]] = ..., confidence_levels: _Optional[_Mapping[str, int]] = ..., unstable_regime_share: _Optional[float] = ..., missing_inputs: _Optional[_Mapping[str, int]] = ..., errors: _Optional[_Mapping[str, int]] = ..., predictions_per_hour: _Optional[float] = ..., uptime_seconds: _Optional[float] = ..., config_hash: _Optional[str] = ..., model_versions: _Optional[_Mapping[str, str]] = ..., audit_queue_depth: _Optional[int] = ..., audit_last_sync_ms: _Optional[float] = ..., shadow: _Optional[_Union[ShadowMetrics, _Mapping]] = ..., active_alerts: _Optional[int] = ..., missing_input_share: _Optional[float] = ..., windows: _Optional[_Mapping[str, WindowMetrics]] = ..., outcomes: _Optional[_Union[OutcomeMetrics, _Mapping]] = ...) -> None: ...

class OutcomeMetrics(_message.Message):
    __slots__ = ("awaiting", "told")
    class ToldEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    AWAITING_FIELD_NUMBER: _ClassVar[int]
    TOLD_FIELD_NUMBER: _ClassVar[int]
    awaiting: int
    told: _containers.ScalarMap[str, int]
    def __init__(self, awaiting: _Optional[int] = ..., told: _Optional[_Mapping[str, int]] = ...) -> None: ...

class WindowMetrics(_message.Message):
    __slots__ = ("covered_seconds", "total_predictions", "allowed", "suppressed", "allow_rate", "suppression_rate", "avg_processing_time_ms", "p50_processing_time_ms", "p95_processing_time_ms", "p99_processing_time_ms", "max_processing_time_ms", "regime_distribution", "avg_regime_confidence", "min_regime_confidence", "avg_signal_probability", "symbol_distribution", "timeframe_distribution", "gate_failures", "confidence_levels", "unstable_regime_share", "missing_inputs", "missing_input_share", "errors", "predictions_per_hour")
    class RegimeDistributionEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class SymbolDistributionEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class TimeframeDistributionEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class GateFailuresEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class ConfidenceLevelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class MissingInputsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class ErrorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    COVERED_SECONDS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PREDICTIONS_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    ALLOW_RATE_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_RATE_FIELD_NUMBER: _ClassVar[int]
    AVG_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    P50_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    P95_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    P99_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    REGIME_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    AVG_REGIME_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    MIN_REGIME_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    AVG_SIGNAL_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    GATE_FAILURES_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_LEVELS_FIELD_NUMBER: _ClassVar[int]
    UNSTABLE_REGIME_SHARE_FIELD_NUMBER: _ClassVar[int]
    MISSING_INPUTS_FIELD_NUMBER: _ClassVar[int]
    MISSING_INPUT_SHARE_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    PREDICTIONS_PER_HOUR_FIELD_NUMBER: _ClassVar[int]
    covered_seconds: float
    total_predictions: int
    allowed: int
    suppressed: int
    allow_rate: float
    suppression_rate: float
    avg_processing_time_ms: float
    p50_processing_time_ms: float
    p95_processing_time_ms: float
    p99_processing_time_ms: float
    max_processing_time_ms: float
    regime_distribution: _containers.ScalarMap[str, int]
    avg_regime_confidence: float
    min_regime_confidence: float
    avg_signal_probability: float
    symbol_distribution: _containers.ScalarMap[str, int]
    timeframe_distribution: _containers.ScalarMap[str, int]
    gate_failures: _containers.ScalarMap[str, int]
    confidence_levels: _containers.ScalarMap[str, int]
    unstable_regime_share: float
    missing_inputs: _containers.ScalarMap[str, int]
    missing_input_share: float
    errors: _containers.ScalarMap[str, int]
    predictions_per_hour: float
    def __init__(self, covered_seconds: _Optional[float] = ..., total_predictions: _Optional[int] = ..., allowed: _Optional[int] = ..., suppressed: _Optional[int] = ..., allow_rate: _Optional[float] = ..., suppression_rate: _Optional[float] = ..., avg_processing_time_ms: _Optional[float] = ..., p50_processing_time_ms: _Optional[float] = ..., p95_processing_time_ms: _Optional[float] = ..., p99_processing_time_ms: _Optional[float] = ..., max_processing_time_ms: _Optional[float] = ..., regime_distribution: _Optional[_Mapping[str, int]] = ..., avg_regime_confidence: _Optional[float] = ..., min_regime_confidence: _Optional[float] = ..., avg_signal_probability: _Optional[float] = ..., symbol_distribution: _Optional[_Mapping[str, int]] = ..., timeframe_distribution: _Optional[_Mapping[str, int]] = ..., gate_failures: _Optional[_Mapping[str, int]] = ..., confidence_levels: _Optional[_Mapping[str, int]] = ..., unstable_regime_share: _Optional[float] = ..., missing_inputs: _Optional[_Mapping[str, int]] = ..., missing_input_share: _Optional[float] = ..., errors: _Optional[_Mapping[str, int]] = ..., predictions_per_hour: _Optional[float] = ...) -> None: ...

class GetMetricsResponse(_message.Message):
    __slots__ = ("timestamp", "metrics")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    metrics: Metrics
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., metrics: _Optional[_Union[Metrics, _Mapping]] = ...) -> None: ...

class GetPrometheusMetricsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListDecisionsRequest(_message.Message):
    __slots__ = ("limit", "symbol", "allowed", "regime", "since", "until")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    REGIME_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    limit: int
    symbol: str
    allowed: bool
    regime: _common_pb2.RegimePrediction.Label
    since: _timestamp_pb2.Timestamp
    until: _timestamp_pb2.Timestamp
    def __init__(self, limit: _Optional[int] = ..., symbol: _Optional[str] = ..., allowed: bool = ..., regime: _Optional[_Union[_common_pb2.RegimePrediction.Label, str]] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ShadowComparison(_message.Message):
    __slots__ = ("regime_model", "signal_model", "regime", "signal_prob", "allowed", "probability_difference", "flips")
    REGIME_MODEL_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_MODEL_FIELD_NUMBER: _ClassVar[int]
    REGIME_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_PROB_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    FLIPS_FIELD_NUMBER: _ClassVar[int]
    regime_model: _common_pb2.ModelRef
    signal_model: _common_pb2.ModelRef
    regime: _common_pb2.RegimePrediction.Label
    signal_prob: float
    allowed: bool
    probability_difference: float
    flips: bool
    def __init__(self, regime_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., signal_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., regime: _Optional[_Union[_common_pb2.RegimePrediction.Label, str]] = ..., signal_prob: _Optional[float] = ..., allowed: bool = ..., probability_difference: _Optional[float] = ..., flips: bool = ...) -> None: ...

class ShadowMetrics(_message.Message):
    __slots__ = ("compared", "flips", "agreement_rate", "regime_differences", "mean_abs_probability_difference", "max_abs_probability_difference", "dropped", "failed")
    COMPARED_FIELD_NUMBER: _ClassVar[int]
    FLIPS_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_RATE_FIELD_NUMBER: _ClassVar[int]
    REGIME_DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    MEAN_ABS_PROBABILITY_DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    MAX_ABS_PROBABILITY_DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    compared: int
    flips: int
    agreement_rate: float
    regime_differences: int
    mean_abs_probability_difference: float
    max_abs_probability_difference: float
    dropped: int
    failed: int
    def __init__(self, compared: _Optional[int] = ..., flips: _Optional[int] = ..., agreement_rate: _Optional[float] = ..., regime_differences: _Optional[int] = ..., mean_abs_probability_difference: _Optional[float] = ..., max_abs_probability_difference: _Optional[float] = ..., dropped: _Optional[int] = ..., failed: _Optional[int] = ...) -> None: ...

class DecisionRecord(_message.Message):
    __slots__ = ("timestamp", "prediction_id", "symbol", "timeframe", "bar_index", "regime", "regime_confidence", "signal_prob", "allowed", "decision_reasons", "failed_gates", "processing_time_ms", "config_hash", "regime_model", "signal_model", "request_id", "shadow", "explanation", "gates")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    PREDICTION_ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    BAR_INDEX_FIELD_NUMBER: _ClassVar[int]
    REGIME_FIELD_NUMBER: _ClassVar[int]
    REGIME_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_PROB_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    DECISION_REASONS_FIELD_NUMBER: _ClassVar[int]
    FAILED_GATES_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    REGIME_MODEL_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_MODEL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SHADOW_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    GATES_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    prediction_id: str
    symbol: str
    timeframe: str
    bar_index: int
    regime: _common_pb2.RegimePrediction.Label
    regime_confidence: float
    signal_prob: float
    allowed: bool
    decision_reasons: _containers.RepeatedScalarFieldContainer[str]
    failed_gates: _containers.RepeatedScalarFieldContainer[_common_pb2.GateResult.Name]
    processing_time_ms: float
    config_hash: str
    regime_model: _common_pb2.ModelRef
    signal_model: _common_pb2.ModelRef
    request_id: str
    shadow: ShadowComparison
    explanation: _common_pb2.Explanation
    gates: _containers.RepeatedCompositeFieldContainer[_common_pb2.GateResult]
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., prediction_id: _Optional[str] = ..., symbol: _Optional[str] = ..., timeframe: _Optional[str] = ..., bar_index: _Optional[int] = ..., regime: _Optional[_Union[_common_pb2.RegimePrediction.Label, str]] = ..., regime_confidence: _Optional[float] = ..., signal_prob: _Optional[float] = ..., allowed: bool = ..., decision_reasons: _Optional[_Iterable[str]] = ..., failed_gates: _Optional[_Iterable[_Union[_common_pb2.GateResult.Name, str]]] = ..., processing_time_ms: _Optional[float] = ..., config_hash: _Optional[str] = ..., regime_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., signal_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., request_id: _Optional[str] = ..., shadow: _Optional[_Union[ShadowComparison, _Mapping]] = ..., explanation: _Optional[_Union[_common_pb2.Explanation, _Mapping]] = ..., gates: _Optional[_Iterable[_Union[_common_pb2.GateResult, _Mapping]]] = ...) -> None: ...

class ListDecisionsResponse(_message.Message):
    __slots__ = ("timestamp", "count", "decisions")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    count: int
    decisions: _containers.RepeatedCompositeFieldContainer[DecisionRecord]
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., count: _Optional[int] = ..., decisions: _Optional[_Iterable[_Union[DecisionRecord, _Mapping]]] = ...) -> None: ...

class GetPerformanceSummaryRequest(_message.Message):
    __slots__ = ("hours",)
    HOURS_FIELD_NUMBER: _ClassVar[int]
    hours: float
    def __init__(self, hours: _Optional[float] = ...) -> None: ...

class GetPerformanceSummaryResponse(_message.Message):
    __slots__ = ("timestamp", "hours", "metrics", "models")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    hours: float
    metrics: Metrics
    models: _containers.RepeatedCompositeFieldContainer[ModelPerformance]
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., hours: _Optional[float] = ..., metrics: _Optional[_Union[Metrics, _Mapping]] = ..., models: _Optional[_Iterable[_Union[ModelPerformance, _Mapping]]] = ...) -> None: ...

class ModelPerformance(_message.Message):
    __slots__ = ("model", "serving", "outcomes", "auc", "brier", "log_loss", "accuracy", "hit_rate", "calibration_error", "calibration", "regimes", "allowed", "refused", "reference_auc", "reference_accuracy", "reference_source", "outcomes_total")
    class ReferenceSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[ModelPerformance.ReferenceSource]
        METADATA: _ClassVar[ModelPerformance.ReferenceSource]
        CONFIGURATION: _ClassVar[ModelPerformance.ReferenceSource]
    UNKNOWN: ModelPerformance.ReferenceSource
    METADATA: ModelPerformance.ReferenceSource
    CONFIGURATION: ModelPerformance.ReferenceSource
    class Share(_message.Message):
        __slots__ = ("outcomes", "hit_rate", "accuracy")
        OUTCOMES_FIELD_NUMBER: _ClassVar[int]
        HIT_RATE_FIELD_NUMBER: _ClassVar[int]
        ACCURACY_FIELD_NUMBER: _ClassVar[int]
        outcomes: int
        hit_rate: float
        accuracy: float
        def __init__(self, outcomes: _Optional[int] = ..., hit_rate: _Optional[float] = ..., accuracy: _Optional[float] = ...) -> None: ...
    class CalibrationGroup(_message.Message):
        __slots__ = ("outcomes", "probability_min", "probability_max", "mean_probability", "hit_rate")
        OUTCOMES_FIELD_NUMBER: _ClassVar[int]
        PROBABILITY_MIN_FIELD_NUMBER: _ClassVar[int]
        PROBABILITY_MAX_FIELD_NUMBER: _ClassVar[int]
        MEAN_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
        HIT_RATE_FIELD_NUMBER: _ClassVar[int]
        outcomes: int
        probability_min: float
        probability_max: float
        mean_probability: float
        hit_rate: float
        def __init__(self, outcomes: _Optional[int] = ..., probability_min: _Optional[float] = ..., probability_max: _Optional[float] = ..., mean_probability: _Optional[float] = ..., hit_rate: _Optional[float] = ...) -> None: ...
    class RegimesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: ModelPerformance.Share
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[ModelPerformance.Share, _Mapping]] = ...) -> None: ...
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SERVING_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    AUC_FIELD_NUMBER: _ClassVar[int]
    BRIER_FIELD_NUMBER: _ClassVar[int]
    LOG_LOSS_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_FIELD_NUMBER: _ClassVar[int]
    HIT_RATE_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_ERROR_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_FIELD_NUMBER: _ClassVar[int]
    REGIMES_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_AUC_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_ACCURACY_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_SOURCE_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_TOTAL_FIELD_NUMBER: _ClassVar[int]
    model: _common_pb2.ModelRef
    serving: bool
    outcomes: int
    auc: float
    brier: float
    log_loss: float
    accuracy: float
    hit_rate: float
    calibration_error: float
    calibration: _containers.RepeatedCompositeFieldContainer[ModelPerformance.CalibrationGroup]
    regimes: _containers.MessageMap[str, ModelPerformance.Share]
    allowed: ModelPerformance.Share
    refused: ModelPerformance.Share
    reference_auc: float
    reference_accuracy: float
    reference_source: ModelPerformance.ReferenceSource
    outcomes_total: int
    def __init__(self, model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., serving: bool = ..., outcomes: _Optional[int] = ..., auc: _Optional[float] = ..., brier: _Optional[float] = ..., log_loss: _Optional[float] = ..., accuracy: _Optional[float] = ..., hit_rate: _Optional[float] = ..., calibration_error: _Optional[float] = ..., calibration: _Optional[_Iterable[_Union[ModelPerformance.CalibrationGroup, _Mapping]]] = ..., regimes: _Optional[_Mapping[str, ModelPerformance.Share]] = ..., allowed: _Optional[_Union[ModelPerformance.Share, _Mapping]] = ..., refused: _Optional[_Union[ModelPerformance.Share, _Mapping]] = ..., reference_auc: _Optional[float] = ..., reference_accuracy: _Optional[float] = ..., reference_source: _Optional[_Union[ModelPerformance.ReferenceSource, str]] = ..., outcomes_total: _Optional[int] = ...) -> None: ...

class ExportMetricsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ExportMetricsResponse(_message.Message):
    __slots__ = ("path",)
    PATH_FIELD_NUMBER: _ClassVar[int]
    path: str
    def __init__(self, path: _Optional[str] = ...) -> None: ...

class Alert(_message.Message):
    __slots__ = ("rule", "metric", "severity", "state", "value", "threshold", "message", "started_at", "resolved_at")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[Alert.State]
        PENDING: _ClassVar[Alert.State]
        FIRING: _ClassVar[Alert.State]
        RESOLVED: _ClassVar[Alert.State]
    UNKNOWN: Alert.State
    PENDING: Alert.State
    FIRING: Alert.State
    RESOLVED: Alert.State
    RULE_FIELD_NUMBER: _ClassVar[int]
    METRIC_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    RESOLVED_AT_FIELD_NUMBER: _ClassVar[int]
    rule: str
    metric: str
    severity: _common_pb2.AlertSeverity.Level
    state: Alert.State
    value: float
    threshold: float
    message: str
    started_at: _timestamp_pb2.Timestamp
    resolved_at: _timestamp_pb2.Timestamp
    def __init__(self, rule: _Optional[str] = ..., metric: _Optional[str] = ..., severity: _Optional[_Union[_common_pb2.AlertSeverity.Level, str]] = ..., state: _Optional[_Union[Alert.State, str]] = ..., value: _Optional[float] = ..., threshold: _Optional[float] = ..., message: _Optional[str] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., resolved_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListAlertsRequest(_message.Message):
    __slots__ = ("severity",)
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    severity: _common_pb2.AlertSeverity.Level
    def __init__(self, severity: _Optional[_Union[_common_pb2.AlertSeverity.Level, str]] = ...) -> None: ...

class ListAlertsResponse(_message.Message):
    __slots__ = ("timestamp", "count", "alerts")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    ALERTS_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    count: int
    alerts: _containers.RepeatedCompositeFieldContainer[Alert]
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., count: _Optional[int] = ..., alerts: _Optional[_Iterable[_Union[Alert, _Mapping]]] = ...) -> None: ...

class ClearAlertsRequest(_message.Message):
    __slots__ = ("severity",)
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    severity: _common_pb2.AlertSeverity.Level
    def __init__(self, severity: _Optional[_Union[_common_pb2.AlertSeverity.Level, str]] = ...) -> None: ...

class ClearAlertsResponse(_message.Message):
    __slots__ = ("status", "cleared")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CLEARED_FIELD_NUMBER: _ClassVar[int]
    status: str
    cleared: int
    def __init__(self, status: _Optional[str] = ..., cleared: _Optional[int] = ...) -> None: ...

class ListAlertRulesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListAlertRulesResponse(_message.Message):
    __slots__ = ("rules",)
    RULES_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedCompositeFieldContainer[_config_pb2.AlertRule]
    def __init__(self, rules: _Optional[_Iterable[_Union[_config_pb2.AlertRule, _Mapping]]] = ...) -> None: ...

class CreateAlertRuleRequest(_message.Message):
    __slots__ = ("rule",)
    RULE_FIELD_NUMBER: _ClassVar[int]
    rule: _config_pb2.AlertRule
    def __init__(self, rule: _Optional[_Union[_config_pb2.AlertRule, _Mapping]] = ...) -> None: ...

class CreateAlertRuleResponse(_message.Message):
    __slots__ = ("rule", "config_hash")
    RULE_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    rule: _config_pb2.AlertRule
    config_hash: str
    def __init__(self, rule: _Optional[_Union[_config_pb2.AlertRule, _Mapping]] = ..., config_hash: _Optional[str] = ...) -> None: ...

class UpdateAlertRuleRequest(_message.Message):
    __slots__ = ("name", "metric", "comparison", "threshold", "window_minutes", "severity", "min_samples", "enabled", "for_seconds")
    NAME_FIELD_NUMBER: _ClassVar[int]
    METRIC_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    WINDOW_MINUTES_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    MIN_SAMPLES_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    FOR_SECONDS_FIELD_NUMBER: _ClassVar[int]
    name: str
    metric: str
    comparison: _config_pb2.AlertRule.Comparison
    threshold: float
    window_minutes: float
    severity: _common_pb2.AlertSeverity.Level
    min_samples: int
    enabled: bool
    for_seconds: float
    def __init__(self, name: _Optional[str] = ..., metric: _Optional[str] = ..., comparison: _Optional[_Union[_config_pb2.AlertRule.Comparison, str]] = ..., threshold: _Optional[float] = ..., window_minutes: _Optional[float] = ..., severity: _Optional[_Union[_common_pb2.AlertSeverity.Level, str]] = ..., min_samples: _Optional[int] = ..., enabled: bool = ..., for_seconds: _Optional[float] = ...) -> None: ...

class UpdateAlertRuleResponse(_message.Message):
    __slots__ = ("rule", "config_hash")
    RULE_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    rule: _config_pb2.AlertRule
    config_hash: str
    def __init__(self, rule: _Optional[_Union[_config_pb2.AlertRule, _Mapping]] = ..., config_hash: _Optional[str] = ...) -> None: ...

class DeleteAlertRuleRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DeleteAlertRuleResponse(_message.Message):
    __slots__ = ("status", "config_hash")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    status: str
    config_hash: str
    def __init__(self, status: _Optional[str] = ..., config_hash: _Optional[str] = ...) -> None: ...

class Outcome(_message.Message):
    __slots__ = ("prediction_id", "realised_return", "success", "time", "realised_regime")
    PREDICTION_ID_FIELD_NUMBER: _ClassVar[int]
    REALISED_RETURN_FIELD_NUMBER: _ClassVar[int]
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    REALISED_REGIME_FIELD_NUMBER: _ClassVar[int]
    prediction_id: str
    realised_return: float
    success: bool
    time: _timestamp_pb2.Timestamp
    realised_regime: _common_pb2.RegimePrediction.Label
    def __init__(self, prediction_id: _Optional[str] = ..., realised_return: _Optional[float] = ..., success: bool = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., realised_regime: _Optional[_Union[_common_pb2.RegimePrediction.Label, str]] = ...) -> None: ...

class RecordOutcomesRequest(_message.Message):
    __slots__ = ("outcomes",)
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[Outcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[Outcome, _Mapping]]] = ...) -> None: ...

class RefusedOutcome(_message.Message):
    __slots__ = ("index", "prediction_id", "reason", "message")
    class Reason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[RefusedOutcome.Reason]
        UNKNOWN_ID: _ClassVar[RefusedOutcome.Reason]
        TOO_OLD: _ClassVar[RefusedOutcome.Reason]
        NOT_ELIGIBLE: _ClassVar[RefusedOutcome.Reason]
        CONFLICT: _ClassVar[RefusedOutcome.Reason]
        INVALID: _ClassVar[RefusedOutcome.Reason]
    UNKNOWN: RefusedOutcome.Reason
    UNKNOWN_ID: RefusedOutcome.Reason
    TOO_OLD: RefusedOutcome.Reason
    NOT_ELIGIBLE: RefusedOutcome.Reason
    CONFLICT: RefusedOutcome.Reason
    INVALID: RefusedOutcome.Reason
    INDEX_FIELD_NUMBER: _ClassVar[int]
    PREDICTION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    index: int
    prediction_id: str
    reason: RefusedOutcome.Reason
    message: str
    def __init__(self, index: _Optional[int] = ..., prediction_id: _Optional[str] = ..., reason: _Optional[_Union[RefusedOutcome.Reason, str]] = ..., message: _Optional[str] = ...) -> None: ...

class RecordOutcomesResponse(_message.Message):
    __slots__ = ("recorded", "duplicates", "refused")
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    recorded: int
    duplicates: int
    refused: _containers.RepeatedCompositeFieldContainer[RefusedOutcome]
    def __init__(self, recorded: _Optional[int] = ..., duplicates: _Optional[int] = ..., refused: _Optional[_Iterable[_Union[RefusedOutcome, _Mapping]]] = ...) -> None: ...

class GetDriftRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetDriftResponse(_message.Message):
    __slots__ = ("timestamp", "enabled", "models")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    enabled: bool
    models: _containers.RepeatedCompositeFieldContainer[ModelDrift]
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., enabled: bool = ..., models: _Optional[_Iterable[_Union[ModelDrift, _Mapping]]] = ...) -> None: ...

class ModelDrift(_message.Message):
    __slots__ = ("model", "has_reference", "samples", "features", "out_of_distribution", "outcomes")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    HAS_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    model: _common_pb2.ModelRef
    has_reference: bool
    samples: int
    features: _containers.RepeatedCompositeFieldContainer[FeatureDrift]
    out_of_distribution: OutOfDistribution
    outcomes: OutcomeDrift
    def __init__(self, model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., has_reference: bool = ..., samples: _Optional[int] = ..., features: _Optional[_Iterable[_Union[FeatureDrift, _Mapping]]] = ..., out_of_distribution: _Optional[_Union[OutOfDistribution, _Mapping]] = ..., outcomes: _Optional[_Union[OutcomeDrift, _Mapping]] = ...) -> None: ...

class FeatureDrift(_message.Message):
    __slots__ = ("feature", "psi", "ks", "ks_by_chance", "samples", "effective_samples", "out_of_range_share")
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    PSI_FIELD_NUMBER: _ClassVar[int]
    KS_FIELD_NUMBER: _ClassVar[int]
    KS_BY_CHANCE_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_SAMPLES_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_RANGE_SHARE_FIELD_NUMBER: _ClassVar[int]
    feature: str
    psi: float
    ks: float
    ks_by_chance: float
    samples: int
    effective_samples: float
    out_of_range_share: float
    def __init__(self, feature: _Optional[str] = ..., psi: _Optional[float] = ..., ks: _Optional[float] = ..., ks_by_chance: _Optional[float] = ..., samples: _Optional[int] = ..., effective_samples: _Optional[float] = ..., out_of_range_share: _Optional[float] = ...) -> None: ...

class OutOfDistribution(_message.Message):
    __slots__ = ("share", "mean_score", "max_score")
    SHARE_FIELD_NUMBER: _ClassVar[int]
    MEAN_SCORE_FIELD_NUMBER: _ClassVar[int]
    MAX_SCORE_FIELD_NUMBER: _ClassVar[int]
    share: float
    mean_score: float
    max_score: float
    def __init__(self, share: _Optional[float] = ..., mean_score: _Optional[float] = ..., max_score: _Optional[float] = ...) -> None: ...

class OutcomeDrift(_message.Message):
    __slots__ = ("samples", "mean_error", "level", "alarms")
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    MEAN_ERROR_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    ALARMS_FIELD_NUMBER: _ClassVar[int]
    samples: int
    mean_error: float
    level: float
    alarms: int
    def __init__(self, samples: _Optional[int] = ..., mean_error: _Optional[float] = ..., level: _Optional[float] = ..., alarms: _Optional[int] = ...) -> None: ...

class ResetRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ResetResponse(_message.Message):
    __slots__ = ("status", "message")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    status: str
    message: str
    def __init__(self, status: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...
