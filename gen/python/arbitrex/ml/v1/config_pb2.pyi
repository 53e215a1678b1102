import datetime

from arbitrex.ml.v1 import common_pb2 as _common_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RegimeSet(_message.Message):
    __slots__ = ("labels",)
    LABELS_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedScalarFieldContainer[_common_pb2.RegimePrediction.Label]
    def __init__(self, labels: _Optional[_Iterable[_Union[_common_pb2.RegimePrediction.Label, str]]] = ...) -> None: ...

class RegimeConfig(_message.Message):
    __slots__ = ("trending_min_efficiency", "ranging_max_volatility_pct", "stressed_min_volatility_pct", "min_confidence", "regime_smoothing_window", "min_bars_required", "use_ml_model")
    TRENDING_MIN_EFFICIENCY_FIELD_NUMBER: _ClassVar[int]
    RANGING_MAX_VOLATILITY_PCT_FIELD_NUMBER: _ClassVar[int]
    STRESSED_MIN_VOLATILITY_PCT_FIELD_NUMBER: _ClassVar[int]
    MIN_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    REGIME_SMOOTHING_WINDOW_FIELD_NUMBER: _ClassVar[int]
    MIN_BARS_REQUIRED_FIELD_NUMBER: _ClassVar[int]
    USE_ML_MODEL_FIELD_NUMBER: _ClassVar[int]
    trending_min_efficiency: float
    ranging_max_volatility_pct: float
    stressed_min_volatility_pct: float
    min_confidence: float
    regime_smoothing_window: int
    min_bars_required: int
    use_ml_model: bool
    def __init__(self, trending_min_efficiency: _Optional[float] = ..., ranging_max_volatility_pct: _Optional[float] = ..., stressed_min_volatility_pct: _Optional[float] = ..., min_confidence: _Optional[float] = ..., regime_smoothing_window: _Optional[int] = ..., min_bars_required: _Optional[int] = ..., use_ml_model: bool = ...) -> None: ...

class SignalFilterConfig(_message.Message):
    __slots__ = ("entry_threshold", "exit_threshold", "high_confidence_threshold", "low_confidence_threshold", "allowed_regimes", "min_bars_required", "use_ml_model")
    ENTRY_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    EXIT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    HIGH_CONFIDENCE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    LOW_CONFIDENCE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_REGIMES_FIELD_NUMBER: _ClassVar[int]
    MIN_BARS_REQUIRED_FIELD_NUMBER: _ClassVar[int]
    USE_ML_MODEL_FIELD_NUMBER: _ClassVar[int]
    entry_threshold: float
    exit_threshold: float
    high_confidence_threshold: float
    low_confidence_threshold: float
    allowed_regimes: RegimeSet
    min_bars_required: int
    use_ml_model: bool
    def __init__(self, entry_threshold: _Optional[float] = ..., exit_threshold: _Optional[float] = ..., high_confidence_threshold: _Optional[float] = ..., low_confidence_threshold: _Optional[float] = ..., allowed_regimes: _Optional[_Union[RegimeSet, _Mapping]] = ..., min_bars_required: _Optional[int] = ..., use_ml_model: bool = ...) -> None: ...

class ModelConfig(_message.Message):
    __slots__ = ("regime_classifier_version", "signal_filter_version", "model_type", "max_depth", "n_estimators", "learning_rate", "min_child_samples", "n_splits", "test_size", "min_auc", "min_accuracy")
    REGIME_CLASSIFIER_VERSION_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FILTER_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODEL_TYPE_FIELD_NUMBER: _ClassVar[int]
    MAX_DEPTH_FIELD_NUMBER: _ClassVar[int]
    N_ESTIMATORS_FIELD_NUMBER: _ClassVar[int]
    LEARNING_RATE_FIELD_NUMBER: _ClassVar[int]
    MIN_CHILD_SAMPLES_FIELD_NUMBER: _ClassVar[int]
    N_SPLITS_FIELD_NUMBER: _ClassVar[int]
    TEST_SIZE_FIELD_NUMBER: _ClassVar[int]
    MIN_AUC_FIELD_NUMBER: _ClassVar[int]
    MIN_ACCURACY_FIELD_NUMBER: _ClassVar[int]
    regime_classifier_version: str
    signal_filter_version: str
    model_type: str
    max_depth: int
    n_estimators: int
    learning_rate: float
    min_child_samples: int
    n_splits: int
    test_size: float
    min_auc: float
    min_accuracy: float
    def __init__(self, regime_classifier_version: _Optional[str] = ..., signal_filter_version: _Optional[str] = ..., model_type: _Optional[str] = ..., max_depth: _Optional[int] = ..., n_estimators: _Optional[int] = ..., learning_rate: _Optional[float] = ..., min_child_samples: _Optional[int] = ..., n_splits: _Optional[int] = ..., test_size: _Optional[float] = ..., min_auc: _Optional[float] = ..., min_accuracy: _Optional[float] = ...) -> None: ...

class TrainingConfig(_message.Message):
    __slots__ = ("training_window", "retraining_frequency", "min_training_samples", "momentum_horizon", "exclude_stressed", "exclude_gaps", "max_gap_bars", "feature_version")
    TRAINING_WINDOW_FIELD_NUMBER: _ClassVar[int]
    RETRAINING_FREQUENCY_FIELD_NUMBER: _ClassVar[int]
    MIN_TRAINING_SAMPLES_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_HORIZON_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_STRESSED_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_GAPS_FIELD_NUMBER: _ClassVar[int]
    MAX_GAP_BARS_FIELD_NUMBER: _ClassVar[int]
    FEATURE_VERSION_FIELD_NUMBER: _ClassVar[int]
    training_window: int
    retraining_frequency: int
    min_training_samples: int
    momentum_horizon: int
    exclude_stressed: bool
    exclude_gaps: bool
    max_gap_bars: int
    feature_version: str
    def __init__(self, training_window: _Optional[int] = ..., retraining_frequency: _Optional[int] = ..., min_training_samples: _Optional[int] = ..., momentum_horizon: _Optional[int] = ..., exclude_stressed: bool = ..., exclude_gaps: bool = ..., max_gap_bars: _Optional[int] = ..., feature_version: _Optional[str] = ...) -> None: ...

class GovernanceConfig(_message.Message):
    __slots__ = ("enable_prediction_logging", "log_feature_importance", "enable_drift_detection", "drift_window", "drift_threshold", "monitor_performance", "performance_window", "performance_alert_threshold", "out_of_distribution_threshold")
    ENABLE_PREDICTION_LOGGING_FIELD_NUMBER: _ClassVar[int]
    LOG_FEATURE_IMPORTANCE_FIELD_NUMBER: _ClassVar[int]
    ENABLE_DRIFT_DETECTION_FIELD_NUMBER: _ClassVar[int]
    DRIFT_WINDOW_FIELD_NUMBER: _ClassVar[int]
    DRIFT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MONITOR_PERFORMANCE_FIELD_NUMBER: _ClassVar[int]
    PERFORMANCE_WINDOW_FIELD_NUMBER: _ClassVar[int]
    PERFORMANCE_ALERT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_DISTRIBUTION_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    enable_prediction_logging: bool
    log_feature_importance: bool
    enable_drift_detection: bool
    drift_window: int
    drift_threshold: float
    monitor_performance: bool
    performance_window: int
    performance_alert_threshold: float
    out_of_distribution_threshold: float
    def __init__(self, enable_prediction_logging: bool = ..., log_feature_importance: bool = ..., enable_drift_detection: bool = ..., drift_window: _Optional[int] = ..., drift_threshold: _Optional[float] = ..., monitor_performance: bool = ..., performance_window: _Optional[int] = ..., performance_alert_threshold: _Optional[float] = ..., out_of_distribution_threshold: _Optional[float] = ...) -> None: ...

class AlertRule(_message.Message):
    __slots__ = ("name", "metric", "comparison", "threshold", "window_minutes", "severity", "min_samples", "enabled", "for_seconds")
    class Comparison(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[AlertRule.Comparison]
        GREATER_THAN: _ClassVar[AlertRule.Comparison]
        LESS_THAN: _ClassVar[AlertRule.Comparison]
    UNKNOWN: AlertRule.Comparison
    GREATER_THAN: AlertRule.Comparison
    LESS_THAN: AlertRule.Comparison
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
    comparison: AlertRule.Comparison
    threshold: float
    window_minutes: float
    severity: _common_pb2.AlertSeverity.Level
    min_samples: int
    enabled: bool
    for_seconds: float
    def __init__(self, name: _Optional[str] = ..., metric: _Optional[str] = ..., comparison: _Optional[_Union[AlertRule.Comparison, str]] = ..., threshold: _Optional[float] = ..., window_minutes: _Optional[float] = ..., severity: _Optional[_Union[_common_pb2.AlertSeverity.Level, str]] = ..., min_samples: _Optional[int] = ..., enabled: bool = ..., for_seconds: _Optional[float] = ...) -> None: ...

class AlertRuleSet(_message.Message):
    __slots__ = ("rules",)
    RULES_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedCompositeFieldContainer[AlertRule]
    def __init__(self, rules: _Optional[_Iterable[_Union[AlertRule, _Mapping]]] = ...) -> None: ...

class Config(_message.Message):
    __slots__ = ("regime", "signal_filter", "model", "training", "governance", "regime_timeframe", "signal_timeframe", "config_version", "alert_rules")
    REGIME_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FILTER_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    GOVERNANCE_FIELD_NUMBER: _ClassVar[int]
    REGIME_TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    CONFIG_VERSION_FIELD_NUMBER: _ClassVar[int]
    ALERT_RULES_FIELD_NUMBER: _ClassVar[int]
    regime: RegimeConfig
    signal_filter: SignalFilterConfig
    model: ModelConfig
    training: TrainingConfig
    governance: GovernanceConfig
    regime_timeframe: str
    signal_timeframe: str
    config_version: str
    alert_rules: AlertRuleSet
    def __init__(self, regime: _Optional[_Union[RegimeConfig, _Mapping]] = ..., signal_filter: _Optional[_Union[SignalFilterConfig, _Mapping]] = ..., model: _Optional[_Union[ModelConfig, _Mapping]] = ..., training: _Optional[_Union[TrainingConfig, _Mapping]] = ..., governance: _Optional[_Union[GovernanceConfig, _Mapping]] = ..., regime_timeframe: _Optional[str] = ..., signal_timeframe: _Optional[str] = ..., config_version: _Optional[str] = ..., alert_rules: _Optional[_Union[AlertRuleSet, _Mapping]] = ...) -> None: ...

class GetConfigRequest(_message.Message):
    __slots__ = ("config_hash",)
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    config_hash: str
    def __init__(self, config_hash: _Optional[str] = ...) -> None: ...

class GetConfigResponse(_message.Message):
    __slots__ = ("config", "config_hash")
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    config: Config
    config_hash: str
    def __init__(self, config: _Optional[_Union[Config, _Mapping]] = ..., config_hash: _Optional[str] = ...) -> None: ...

class UpdateConfigRequest(_message.Message):
    __slots__ = ("config", "expected_config_hash", "dry_run", "dry_run_decisions", "actor", "reason")
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_DECISIONS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    config: Config
    expected_config_hash: str
    dry_run: bool
    dry_run_decisions: int
    actor: str
    reason: str
    def __init__(self, config: _Optional[_Union[Config, _Mapping]] = ..., expected_config_hash: _Optional[str] = ..., dry_run: bool = ..., dry_run_decisions: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class DecisionFlip(_message.Message):
    __slots__ = ("prediction_id", "symbol", "allowed", "would_allow", "gates")
    PREDICTION_ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    WOULD_ALLOW_FIELD_NUMBER: _ClassVar[int]
    GATES_FIELD_NUMBER: _ClassVar[int]
    prediction_id: str
    symbol: str
    allowed: bool
    would_allow: bool
    gates: _containers.RepeatedScalarFieldContainer[_common_pb2.GateResult.Name]
    def __init__(self, prediction_id: _Optional[str] = ..., symbol: _Optional[str] = ..., allowed: bool = ..., would_allow: bool = ..., gates: _Optional[_Iterable[_Union[_common_pb2.GateResult.Name, str]]] = ...) -> None: ...

class UpdateConfigResponse(_message.Message):
    __slots__ = ("status", "old_config_hash", "new_config_hash", "message", "changed_keys", "decisions_replayed", "flips", "decisions_not_replayable", "flip_count")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    OLD_CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    NEW_CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_KEYS_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_REPLAYED_FIELD_NUMBER: _ClassVar[int]
    FLIPS_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_NOT_REPLAYABLE_FIELD_NUMBER: _ClassVar[int]
    FLIP_COUNT_FIELD_NUMBER: _ClassVar[int]
    status: str
    old_config_hash: str
    new_config_hash: str
    message: str
    changed_keys: _containers.RepeatedScalarFieldContainer[str]
    decisions_replayed: int
    flips: _containers.RepeatedCompositeFieldContainer[DecisionFlip]
    decisions_not_replayable: int
    flip_count: int
    def __init__(self, status: _Optional[str] = ..., old_config_hash: _Optional[str] = ..., new_config_hash: _Optional[str] = ..., message: _Optional[str] = ..., changed_keys: _Optional[_Iterable[str]] = ..., decisions_replayed: _Optional[int] = ..., flips: _Optional[_Iterable[_Union[DecisionFlip, _Mapping]]] = ..., decisions_not_replayable: _Optional[int] = ..., flip_count: _Optional[int] = ...) -> None: ...

class ListConfigVersionsRequest(_message.Message):
    __slots__ = ("limit",)
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    limit: int
    def __init__(self, limit: _Optional[int] = ...) -> None: ...

class ConfigVersion(_message.Message):
    __slots__ = ("config_hash", "timestamp", "actor", "reason", "changed_keys")
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CHANGED_KEYS_FIELD_NUMBER: _ClassVar[int]
    config_hash: str
    timestamp: _timestamp_pb2.Timestamp
    actor: str
    reason: str
    changed_keys: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, config_hash: _Optional[str] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., changed_keys: _Optional[_Iterable[str]] = ...) -> None: ...

class ListConfigVersionsResponse(_message.Message):
    __slots__ = ("versions",)
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    versions: _containers.RepeatedCompositeFieldContainer[ConfigVersion]
    def __init__(self, versions: _Optional[_Iterable[_Union[ConfigVersion, _Mapping]]] = ...) -> None: ...

class RollbackConfigRequest(_message.Message):
    __slots__ = ("config_hash", "actor", "reason")
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    config_hash: str
    actor: str
    reason: str
    def __init__(self, config_hash: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RollbackConfigResponse(_message.Message):
    __slots__ = ("status", "old_config_hash", "new_config_hash", "message")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    OLD_CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    NEW_CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    status: str
    old_config_hash: str
    new_config_hash: str
    message: str
    def __init__(self, status: _Optional[str] = ..., old_config_hash: _Optional[str] = ..., new_config_hash: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class Halt(_message.Message):
    __slots__ = ("scope", "target", "reason", "actor", "since")
    class Scope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[Halt.Scope]
        SERVICE: _ClassVar[Halt.Scope]
        SYMBOL: _ClassVar[Halt.Scope]
        MODEL: _ClassVar[Halt.Scope]
    UNKNOWN: Halt.Scope
    SERVICE: Halt.Scope
    SYMBOL: Halt.Scope
    MODEL: Halt.Scope
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    scope: Halt.Scope
    target: str
    reason: str
    actor: str
    since: _timestamp_pb2.Timestamp
    def __init__(self, scope: _Optional[_Union[Halt.Scope, str]] = ..., target: _Optional[str] = ..., reason: _Optional[str] = ..., actor: _Optional[str] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HaltTradingRequest(_message.Message):
    __slots__ = ("scope", "target", "reason", "actor")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    scope: Halt.Scope
    target: str
    reason: str
    actor: str
    def __init__(self, scope: _Optional[_Union[Halt.Scope, str]] = ..., target: _Optional[str] = ..., reason: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class HaltTradingResponse(_message.Message):
    __slots__ = ("status", "halts")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    HALTS_FIELD_NUMBER: _ClassVar[int]
    status: str
    halts: _containers.RepeatedCompositeFieldContainer[Halt]
    def __init__(self, status: _Optional[str] = ..., halts: _Optional[_Iterable[_Union[Halt, _Mapping]]] = ...) -> None: ...

class ResumeTradingRequest(_message.Message):
    __slots__ = ("scope", "target", "reason", "actor")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    scope: Halt.Scope
    target: str
    reason: str
    actor: str
    def __init__(self, scope: _Optional[_Union[Halt.Scope, str]] = ..., target: _Optional[str] = ..., reason: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class ResumeTradingResponse(_message.Message):
    __slots__ = ("status", "halts")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    HALTS_FIELD_NUMBER: _ClassVar[int]
    status: str
    halts: _containers.RepeatedCompositeFieldContainer[Halt]
    def __init__(self, status: _Optional[str] = ..., halts: _Optional[_Iterable[_Union[Halt, _Mapping]]] = ...) -> None: ...
