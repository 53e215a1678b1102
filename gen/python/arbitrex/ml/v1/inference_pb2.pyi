import datetime

from arbitrex.ml.v1 import common_pb2 as _common_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FeatureSeries(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, values: _Optional[_Iterable[float]] = ...) -> None: ...

class FeatureSet(_message.Message):
    __slots__ = ("features",)
    class FeaturesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: FeatureSeries
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[FeatureSeries, _Mapping]] = ...) -> None: ...
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    features: _containers.MessageMap[str, FeatureSeries]
    def __init__(self, features: _Optional[_Mapping[str, FeatureSeries]] = ...) -> None: ...

class QseOutput(_message.Message):
    __slots__ = ("validation", "metrics", "regime")
    class Validation(_message.Message):
        __slots__ = ("signal_validity_flag", "autocorr_check_passed", "stationarity_check_passed", "distribution_check_passed", "trend_persistence_check_passed")
        SIGNAL_VALIDITY_FLAG_FIELD_NUMBER: _ClassVar[int]
        AUTOCORR_CHECK_PASSED_FIELD_NUMBER: _ClassVar[int]
        STATIONARITY_CHECK_PASSED_FIELD_NUMBER: _ClassVar[int]
        DISTRIBUTION_CHECK_PASSED_FIELD_NUMBER: _ClassVar[int]
        TREND_PERSISTENCE_CHECK_PASSED_FIELD_NUMBER: _ClassVar[int]
        signal_validity_flag: bool
        autocorr_check_passed: bool
        stationarity_check_passed: bool
        distribution_check_passed: bool
        trend_persistence_check_passed: bool
        def __init__(self, signal_validity_flag: bool = ..., autocorr_check_passed: bool = ..., stationarity_check_passed: bool = ..., distribution_check_passed: bool = ..., trend_persistence_check_passed: bool = ...) -> None: ...
    class Metrics(_message.Message):
        __slots__ = ("trend_persistence_score", "adf_stationary", "z_score", "volatility_percentile", "adf_statistic", "autocorrelation")
        TREND_PERSISTENCE_SCORE_FIELD_NUMBER: _ClassVar[int]
        ADF_STATIONARY_FIELD_NUMBER: _ClassVar[int]
        Z_SCORE_FIELD_NUMBER: _ClassVar[int]
        VOLATILITY_PERCENTILE_FIELD_NUMBER: _ClassVar[int]
        ADF_STATISTIC_FIELD_NUMBER: _ClassVar[int]
        AUTOCORRELATION_FIELD_NUMBER: _ClassVar[int]
        trend_persistence_score: float
        adf_stationary: bool
        z_score: float
        volatility_percentile: float
        adf_statistic: float
        autocorrelation: float
        def __init__(self, trend_persistence_score: _Optional[float] = ..., adf_stationary: bool = ..., z_score: _Optional[float] = ..., volatility_percentile: _Optional[float] = ..., adf_statistic: _Optional[float] = ..., autocorrelation: _Optional[float] = ...) -> None: ...
    class Regime(_message.Message):
        __slots__ = ("trend_strength", "efficiency_ratio", "correlation_regime")
        TREND_STRENGTH_FIELD_NUMBER: _ClassVar[int]
        EFFICIENCY_RATIO_FIELD_NUMBER: _ClassVar[int]
        CORRELATION_REGIME_FIELD_NUMBER: _ClassVar[int]
        trend_strength: float
        efficiency_ratio: float
        correlation_regime: str
        def __init__(self, trend_strength: _Optional[float] = ..., efficiency_ratio: _Optional[float] = ..., correlation_regime: _Optional[str] = ...) -> None: ...
    VALIDATION_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    REGIME_FIELD_NUMBER: _ClassVar[int]
    validation: QseOutput.Validation
    metrics: QseOutput.Metrics
    regime: QseOutput.Regime
    def __init__(self, validation: _Optional[_Union[QseOutput.Validation, _Mapping]] = ..., metrics: _Optional[_Union[QseOutput.Metrics, _Mapping]] = ..., regime: _Optional[_Union[QseOutput.Regime, _Mapping]] = ...) -> None: ...

class PredictRequest(_message.Message):
    __slots__ = ("symbol", "timeframe", "features", "qse_output", "bar_index", "history_bars", "bar_time", "request_id", "omit_explanation")
    class FeaturesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: FeatureSeries
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[FeatureSeries, _Mapping]] = ...) -> None: ...
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    QSE_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BAR_INDEX_FIELD_NUMBER: _ClassVar[int]
    HISTORY_BARS_FIELD_NUMBER: _ClassVar[int]
    BAR_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OMIT_EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    timeframe: str
    features: _containers.MessageMap[str, FeatureSeries]
    qse_output: QseOutput
    bar_index: int
    history_bars: int
    bar_time: _timestamp_pb2.Timestamp
    request_id: str
    omit_explanation: bool
    def __init__(self, symbol: _Optional[str] = ..., timeframe: _Optional[str] = ..., features: _Optional[_Mapping[str, FeatureSeries]] = ..., qse_output: _Optional[_Union[QseOutput, _Mapping]] = ..., bar_index: _Optional[int] = ..., history_bars: _Optional[int] = ..., bar_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., omit_explanation: bool = ...) -> None: ...

class PredictResponse(_message.Message):
    __slots__ = ("prediction_id", "symbol", "timeframe", "bar_index", "timestamp", "prediction", "regime_model", "signal_model", "config_hash", "ml_version", "processing_time_ms", "missing_inputs", "request_id")
    PREDICTION_ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    BAR_INDEX_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    PREDICTION_FIELD_NUMBER: _ClassVar[int]
    REGIME_MODEL_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_MODEL_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    ML_VERSION_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    MISSING_INPUTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    prediction_id: str
    symbol: str
    timeframe: str
    bar_index: int
    timestamp: _timestamp_pb2.Timestamp
    prediction: _common_pb2.Prediction
    regime_model: _common_pb2.ModelRef
    signal_model: _common_pb2.ModelRef
    config_hash: str
    ml_version: str
    processing_time_ms: float
    missing_inputs: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    def __init__(self, prediction_id: _Optional[str] = ..., symbol: _Optional[str] = ..., timeframe: _Optional[str] = ..., bar_index: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., prediction: _Optional[_Union[_common_pb2.Prediction, _Mapping]] = ..., regime_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., signal_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., config_hash: _Optional[str] = ..., ml_version: _Optional[str] = ..., processing_time_ms: _Optional[float] = ..., missing_inputs: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ...) -> None: ...

class PredictSymbolsRequest(_message.Message):
    __slots__ = ("symbols", "timeframe", "features", "qse_outputs", "omit_explanation")
    class FeaturesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: FeatureSet
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[FeatureSet, _Mapping]] = ...) -> None: ...
    class QseOutputsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: QseOutput
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[QseOutput, _Mapping]] = ...) -> None: ...
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    QSE_OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    OMIT_EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    symbols: _containers.RepeatedScalarFieldContainer[str]
    timeframe: str
    features: _containers.MessageMap[str, FeatureSet]
    qse_outputs: _containers.MessageMap[str, QseOutput]
    omit_explanation: bool
    def __init__(self, symbols: _Optional[_Iterable[str]] = ..., timeframe: _Optional[str] = ..., features: _Optional[_Mapping[str, FeatureSet]] = ..., qse_outputs: _Optional[_Mapping[str, QseOutput]] = ..., omit_explanation: bool = ...) -> None: ...

class PredictSymbolsResponse(_message.Message):
    __slots__ = ("results",)
    class ResultsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: SymbolDecision
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[SymbolDecision, _Mapping]] = ...) -> None: ...
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.MessageMap[str, SymbolDecision]
    def __init__(self, results: _Optional[_Mapping[str, SymbolDecision]] = ...) -> None: ...

class SymbolDecision(_message.Message):
    __slots__ = ("prediction_id", "timestamp", "prediction", "config_hash", "processing_time_ms", "regime_model", "signal_model", "missing_inputs", "error")
    PREDICTION_ID_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    PREDICTION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_HASH_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    REGIME_MODEL_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_MODEL_FIELD_NUMBER: _ClassVar[int]
    MISSING_INPUTS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    prediction_id: str
    timestamp: _timestamp_pb2.Timestamp
    prediction: _common_pb2.Prediction
    config_hash: str
    processing_time_ms: float
    regime_model: _common_pb2.ModelRef
    signal_model: _common_pb2.ModelRef
    missing_inputs: _containers.RepeatedScalarFieldContainer[str]
    error: _status_pb2.Status
    def __init__(self, prediction_id: _Optional[str] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., prediction: _Optional[_Union[_common_pb2.Prediction, _Mapping]] = ..., config_hash: _Optional[str] = ..., processing_time_ms: _Optional[float] = ..., regime_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., signal_model: _Optional[_Union[_common_pb2.ModelRef, _Mapping]] = ..., missing_inputs: _Optional[_Iterable[str]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class BatchPredictRequest(_message.Message):
    __slots__ = ("request_id", "window", "append")
    class AppendBars(_message.Message):
        __slots__ = ("symbol", "timeframe", "features", "qse_output", "bar_time", "omit_explanation")
        class FeaturesEntry(_message.Message):
            __slots__ = ("key", "value")
            KEY_FIELD_NUMBER: _ClassVar[int]
            VALUE_FIELD_NUMBER: _ClassVar[int]
            key: str
            value: FeatureSeries
            def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[FeatureSeries, _Mapping]] = ...) -> None: ...
        SYMBOL_FIELD_NUMBER: _ClassVar[int]
        TIMEFRAME_FIELD_NUMBER: _ClassVar[int]
        FEATURES_FIELD_NUMBER: _ClassVar[int]
        QSE_OUTPUT_FIELD_NUMBER: _ClassVar[int]
        BAR_TIME_FIELD_NUMBER: _ClassVar[int]
        OMIT_EXPLANATION_FIELD_NUMBER: _ClassVar[int]
        symbol: str
        timeframe: str
        features: _containers.MessageMap[str, FeatureSeries]
        qse_output: QseOutput
        bar_time: _timestamp_pb2.Timestamp
        omit_explanation: bool
        def __init__(self, symbol: _Optional[str] = ..., timeframe: _Optional[str] = ..., features: _Optional[_Mapping[str, FeatureSeries]] = ..., qse_output: _Optional[_Union[QseOutput, _Mapping]] = ..., bar_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., omit_explanation: bool = ...) -> None: ...
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    WINDOW_FIELD_NUMBER: _ClassVar[int]
    APPEND_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    window: PredictRequest
    append: BatchPredictRequest.AppendBars
    def __init__(self, request_id: _Optional[str] = ..., window: _Optional[_Union[PredictRequest, _Mapping]] = ..., append: _Optional[_Union[BatchPredictRequest.AppendBars, _Mapping]] = ...) -> None: ...

class BatchPredictResponse(_message.Message):
    __slots__ = ("request_id", "response", "error")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    response: PredictResponse
    error: _status_pb2.Status
    def __init__(self, request_id: _Optional[str] = ..., response: _Optional[_Union[PredictResponse, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...
