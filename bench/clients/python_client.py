"""A caller on grpcio that keeps one Predict going on each connection.

python python_client.py TARGET BODY_FILE CONNECTIONS SECONDS prints JSON. Every call writes the message and reads the answer.
"""

import json
import math
import sys
import threading
import time
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "gen" / "python"))

from arbitrex.ml.v1 import inference_pb2, inference_pb2_grpc  # noqa: E402


def keep_calling(predict, request, begin, seconds, micros):
    begin.wait()
    started = time.perf_counter()
    end = started + seconds
    while started < end:
        if not predict(request).HasField("prediction"):
            raise RuntimeError("an answer without a prediction")
        answered = time.perf_counter()
        micros.append((answered - started) * 1e6)
        started = answered


def main(target, body_file, connections, seconds):
    request = inference_pb2.PredictRequest.FromString(Path(body_file).read_bytes())
    # Channels of one address share a connection otherwise.
    channels = [
        grpc.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)]) for _ in range(connections)
    ]
    stubs = [inference_pb2_grpc.InferenceServiceStub(channel) for channel in channels]
    for stub in stubs:
        stub.Predict(request)
    begin = threading.Event()
    results = [[] for _ in stubs]
    threads = [
        threading.Thread(target=keep_calling, args=(stub.Predict, request, begin, seconds, micros))
        for stub, micros in zip(stubs, results, strict=True)
    ]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    begin.set()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    micros = sorted(micro for result in results for micro in result)

    def quantile(share):
        return micros[max(1, math.ceil(len(micros) * share)) - 1]

    print(
        json.dumps(
            {"answers": len(micros), "seconds": elapsed, "p50Micros": quantile(0.5), "p99Micros": quantile(0.99)}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
