from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ModelRef(_message.Message):
    __slots__ = ("name", "version", "sha256")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: str
    sha256: str
    def __init__(self, name: _Optional[str] = ..., version: _Optional[str] = ..., sha256: _Optional[str] = ...) -> None: ...

class RegimePrediction(_message.Message):
    __slots__ = ("regime_label", "regime_confidence", "prob_trending", "prob_ranging", "prob_stressed", "efficiency_ratio", "volatility_percentile", "correlation_regime", "regime_stable", "recent_labels", "explanation", "out_of_distribution")
    class Label(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[RegimePrediction.Label]
        TRENDING: _ClassVar[RegimePrediction.Label]
        RANGING: _ClassVar[RegimePrediction.Label]
        STRESSED: _ClassVar[RegimePrediction.Label]
    UNKNOWN: RegimePrediction.Label
    TRENDING: RegimePrediction.Label
    RANGING: RegimePrediction.Label
    STRESSED: RegimePrediction.Label
    REGIME_LABEL_FIELD_NUMBER: _ClassVar[int]
    REGIME_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    PROB_TRENDING_FIELD_NUMBER: _ClassVar[int]
    PROB_RANGING_FIELD_NUMBER: _ClassVar[int]
    PROB_STRESSED_FIELD_NUMBER: _ClassVar[int]
    EFFICIENCY_RATIO_FIELD_NUMBER: _ClassVar[int]
    VOLATILITY_PERCENTILE_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_REGIME_FIELD_NUMBER: _ClassVar[int]
    REGIME_STABLE_FIELD_NUMBER: _ClassVar[int]
    RECENT_LABELS_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    regime_label: RegimePrediction.Label
    regime_confidence: float
    prob_trending: float
    prob_ranging: float
    prob_stressed: float
    efficiency_ratio: float
    volatility_percentile: float
    correlation_regime: str
    regime_stable: bool
    recent_labels: _containers.RepeatedScalarFieldContainer[RegimePrediction.Label]
    explanation: Explanation
    out_of_distribution: float
    def __init__(self, regime_label: _Optional[_Union[RegimePrediction.Label, str]] = ..., regime_confidence: _Optional[float] = ..., prob_trending: _Optional[float] = ..., prob_ranging: _Optional[float] = ..., prob_stressed: _Optional[float] = ..., efficiency_ratio: _Optional[float] = ..., volatility_percentile: _Optional[float] = ..., correlation_regime: _Optional[str] = ..., regime_stable: bool = ..., recent_labels: _Optional[_Iterable[_Union[RegimePrediction.Label, str]]] = ..., explanation: _Optional[_Union[Explanation, _Mapping]] = ..., out_of_distribution: _Optional[float] = ...) -> None: ...

class Explanation(_message.Message):
    __slots__ = ("base", "contributions", "unit", "note")
    class Unit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[Explanation.Unit]
        PROBABILITY: _ClassVar[Explanation.Unit]
        LOG_ODDS: _ClassVar[Explanation.Unit]
    UNKNOWN: Explanation.Unit
    PROBABILITY: Explanation.Unit
    LOG_ODDS: Explanation.Unit
    class Contribution(_message.Message):
        __slots__ = ("name", "value", "contribution")
        NAME_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        CONTRIBUTION_FIELD_NUMBER: _ClassVar[int]
        name: str
        value: float
        contribution: float
        def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ..., contribution: _Optional[float] = ...) -> None: ...
    BASE_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    base: float
    contributions: _containers.RepeatedCompositeFieldContainer[Explanation.Contribution]
    unit: Explanation.Unit
    note: str
    def __init__(self, base: _Optional[float] = ..., contributions: _Optional[_Iterable[_Union[Explanation.Contribution, _Mapping]]] = ..., unit: _Optional[_Union[Explanation.Unit, str]] = ..., note: _Optional[str] = ...) -> None: ...

class SignalPrediction(_message.Message):
    __slots__ = ("momentum_success_prob", "should_enter", "should_exit", "confidence_level", "top_features", "explanation", "out_of_distribution")
    class ConfidenceLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[SignalPrediction.ConfidenceLevel]
        LOW: _ClassVar[SignalPrediction.ConfidenceLevel]
        MEDIUM: _ClassVar[SignalPrediction.ConfidenceLevel]
        HIGH: _ClassVar[SignalPrediction.ConfidenceLevel]
    UNKNOWN: SignalPrediction.ConfidenceLevel
    LOW: SignalPrediction.ConfidenceLevel
    MEDIUM: SignalPrediction.ConfidenceLevel
    HIGH: SignalPrediction.ConfidenceLevel
    class TopFeaturesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    MOMENTUM_SUCCESS_PROB_FIELD_NUMBER: _ClassVar[int]
    SHOULD_ENTER_FIELD_NUMBER: _ClassVar[int]
    SHOULD_EXIT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_LEVEL_FIELD_NUMBER: _ClassVar[int]
    TOP_FEATURES_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    momentum_success_prob: float
    should_enter: bool
    should_exit: bool
    confidence_level: SignalPrediction.ConfidenceLevel
    top_features: _containers.ScalarMap[str, float]
    explanation: Explanation
    out_of_distribution: float
    def __init__(self, momentum_success_prob: _Optional[float] = ..., should_enter: bool = ..., should_exit: bool = ..., confidence_level: _Optional[_Union[SignalPrediction.ConfidenceLevel, str]] = ..., top_features: _Optional[_Mapping[str, float]] = ..., explanation: _Optional[_Union[Explanation, _Mapping]] = ..., out_of_distribution: _Optional[float] = ...) -> None: ...

class GateResult(_message.Message):
    __slots__ = ("name", "passed", "value", "threshold", "margin", "message")
    class Name(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[GateResult.Name]
        TRADING_ENABLED: _ClassVar[GateResult.Name]
        QSE_VALID: _ClassVar[GateResult.Name]
        REGIME_ALLOWED: _ClassVar[GateResult.Name]
        REGIME_CONFIDENCE: _ClassVar[GateResult.Name]
        SIGNAL_PROBABILITY: _ClassVar[GateResult.Name]
        IN_DISTRIBUTION: _ClassVar[GateResult.Name]
    UNKNOWN: GateResult.Name
    TRADING_ENABLED: GateResult.Name
    QSE_VALID: GateResult.Name
    REGIME_ALLOWED: GateResult.Name
    REGIME_CONFIDENCE: GateResult.Name
    SIGNAL_PROBABILITY: GateResult.Name
    IN_DISTRIBUTION: GateResult.Name
    NAME_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    name: GateResult.Name
    passed: bool
    value: float
    threshold: float
    margin: float
    message: str
    def __init__(self, name: _Optional[_Union[GateResult.Name, str]] = ..., passed: bool = ..., value: _Optional[float] = ..., threshold: _Optional[float] = ..., margin: _Optional[float] = ..., message: _Optional[str] = ...) -> None: ...

class Prediction(_message.Message):
    __slots__ = ("regime", "signal", "allow_trade", "decision_reasons", "gates")
    REGIME_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    ALLOW_TRADE_FIELD_NUMBER: _ClassVar[int]
    DECISION_REASONS_FIELD_NUMBER: _ClassVar[int]
    GATES_FIELD_NUMBER: _ClassVar[int]
    regime: RegimePrediction
    signal: SignalPrediction
    allow_trade: bool
    decision_reasons: _containers.RepeatedScalarFieldContainer[str]
    gates: _containers.RepeatedCompositeFieldContainer[GateResult]
    def __init__(self, regime: _Optional[_Union[RegimePrediction, _Mapping]] = ..., signal: _Optional[_Union[SignalPrediction, _Mapping]] = ..., allow_trade: bool = ..., decision_reasons: _Optional[_Iterable[str]] = ..., gates: _Optional[_Iterable[_Union[GateResult, _Mapping]]] = ...) -> None: ...

class AlertSeverity(_message.Message):
    __slots__ = ()
    class Level(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[AlertSeverity.Level]
        INFO: _ClassVar[AlertSeverity.Level]
        WARNING: _ClassVar[AlertSeverity.Level]
        CRITICAL: _ClassVar[AlertSeverity.Level]
    UNKNOWN: AlertSeverity.Level
    INFO: AlertSeverity.Level
    WARNING: AlertSeverity.Level
    CRITICAL: AlertSeverity.Level
    def __init__(self) -> None: ...
