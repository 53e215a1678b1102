import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers, emptyOutput, type Generator, installed, run } from "./toolchain.ts";

/**
 * Generated code demands a runtime at least as new as its generator, so the generator is as old as the oldest runtime that
 * clients/python promises to work with, not the newest. mypy-protobuf adds types to the stubs of gRPC, which grpcio-tools has not.
 */
const pins = [
  "grpcio-tools==1.76.0",
  "grpcio==1.76.0",
  "protobuf==6.33.6",
  "mypy-protobuf==5.1.0",
  "setuptools==80.9.0",
];

/** Messages, type stubs and gRPC stubs for Python. google.* and grpc.* come from googleapis-common-protos and grpcio. */
export const pythonGenerator: Generator = {
  name: "python",
  needs: "python3 of version 3.10 or newer with the module venv",
  isPresent: () => answers("python3", "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))"),
  async generate({ descriptorSet, files }) {
    const folder = await installed("python", pins, async (target) => {
      await run("python3", ["-m", "venv", target]);
      await run(join(target, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", ...pins]);
    });
    const output = emptyOutput("python");
    await run(join(folder, "bin/python"), [
      "-m",
      "grpc_tools.protoc",
      `--descriptor_set_in=${descriptorSet}`,
      `--plugin=protoc-gen-mypy_grpc=${join(folder, "bin/protoc-gen-mypy_grpc")}`,
      `--python_out=${output}`,
      `--pyi_out=${output}`,
      `--grpc_python_out=${output}`,
      `--mypy_grpc_out=quiet:${output}`,
      ...files,
    ]);
    // Says to type checkers that the stubs count (PEP 561).
    writeFileSync(join(output, "arbitrex/ml/v1/py.typed"), "");
  },
};
