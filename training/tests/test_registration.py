"""A trained model reaches a real service through the Python client."""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess

import pytest

from arbitrex_training import registration
from arbitrex_training.command import main

ROOT = pathlib.Path(__file__).parents[2]
NODE = ROOT / "node_modules/.bin/node"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if not NODE.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("npm ci has not been run")
        pytest.skip("npm ci has not been run, so there is no service to register with")
    folder = tmp_path_factory.mktemp("service")
    places = {"MODELS_DIR": folder / "models", "LOG_DIR": folder / "logs", "CONFIG_DIR": folder / "config"}
    process = subprocess.Popen(
        [NODE, ROOT / "src/main.ts", "serve"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **{name: str(path) for name, path in places.items()}, "HOST": "127.0.0.1", "PORT": "0", "LOG_LEVEL": "silent"},
    )  # fmt: skip
    said = ""
    for line in process.stderr:
        said += line
        found = re.search(r"http://(127\.0\.0\.1:\d+)", line)
        if found:
            break
    else:
        pytest.fail(f"the service did not start: {said}")
    yield found.group(1)
    process.terminate()
    process.wait(timeout=20)
    process.stderr.close()


@pytest.fixture(scope="module")
def trained(table, tmp_path_factory):
    out = tmp_path_factory.mktemp("trained")
    assert main(["signal", "--table", table, "--out", str(out), "--splits", "2", "--bootstrap", "20", "--control-turns", "0", "--threads", "1", "--force"]) == 0
    return out


def list_versions(server):
    from arbitrex.ml.v1 import model_registry_pb2 as pb
    from arbitrex_ml import MlClient

    with MlClient(server) as client:
        return [model.version for model in client.models.ListModelVersions(pb.ListModelVersionsRequest(model_name="signal_filter")).versions]


def test_a_model_is_registered_and_decides_nothing_yet(server, trained, capsys):
    assert main(["register", str(trained), "--server", server, "--actor", "ada"]) == 0
    said = capsys.readouterr().out
    assert "registered signal_filter/v2.1.0, AVAILABLE" in said
    assert "next: ml-layer models shadow signal_filter v2.1.0" in said
    assert "v2.1.0" in list_versions(server)


def test_a_model_larger_than_a_message_goes_in_pieces(server, trained, monkeypatch, capsys):
    monkeypatch.setattr(registration, "ONE_MESSAGE_MAX", 1000)
    monkeypatch.setattr(registration, "CHUNK", 5000)
    assert main(["register", str(trained), "--server", server, "--version", "v3.0.0"]) == 0
    assert "registered signal_filter/v3.0.0" in capsys.readouterr().out


def test_a_training_may_register_what_it_made(server, table, tmp_path, capsys):
    assert main(["regime", "--table", table, "--out", str(tmp_path), "--splits", "2", "--bootstrap", "20", "--control-turns", "0", "--threads", "1",
                 "--force", "--version", "v5.0.0", "--register", server]) == 0  # fmt: skip
    assert "registered regime_classifier/v5.0.0, AVAILABLE" in capsys.readouterr().out


def test_a_version_that_is_taken_is_refused_by_name(server, trained, capsys):
    assert main(["register", str(trained), "--server", server, "--version", "v2.0.0_lightgbm"]) == 4
    said = capsys.readouterr().err
    assert "ALREADY_EXISTS" in said
    assert "v2.0.0_lightgbm" in said


def test_a_model_that_is_not_the_one_of_its_metadata_is_refused_with_the_field(server, trained, tmp_path, capsys):
    shutil.copytree(trained, tmp_path / "other")
    path = tmp_path / "other/metadata.json"
    metadata = json.loads(path.read_text())
    path.write_text(json.dumps({**metadata, "sha256": "0" * 64}))
    assert main(["register", str(tmp_path / "other"), "--server", server]) == 4
    said = capsys.readouterr().err
    assert "INVALID_ARGUMENT (INVALID_REGISTRATION)" in said
    assert "metadata.sha256: it says" in said


def test_inputs_that_nothing_delivers_are_refused_by_name(server, trained, tmp_path, capsys):
    shutil.copytree(trained, tmp_path / "other")
    path = tmp_path / "other/metadata.json"
    metadata = json.loads(path.read_text())
    path.write_text(json.dumps({**metadata, "inputs": [*metadata["inputs"][:-1], "order_flow"]}))
    assert main(["register", str(tmp_path / "other"), "--server", server]) == 4
    assert "order_flow: no such input" in capsys.readouterr().err


def test_nobody_at_the_address_is_said_so(trained, capsys):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    assert main(["register", str(trained), "--server", address]) == 4
    assert "UNAVAILABLE" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "model.onnx", "metadata.json"])
def test_a_folder_without_a_trained_model_is_refused(name, trained, tmp_path, capsys):
    if name:
        shutil.copy(trained / name, tmp_path / name)
    assert main(["register", str(tmp_path), "--server", "127.0.0.1:1"]) == 2
    assert "holds no trained model" in capsys.readouterr().err
