import { join } from "node:path";
import { answers, emptyOutput, type Generator, installed, run } from "./toolchain.ts";

const pins = [
  "google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12",
  "google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2",
];

/** Messages and gRPC stubs for Go. google.* comes from genproto, health from grpc-go. */
export const goGenerator: Generator = {
  name: "go",
  needs: "go of the version in go.mod, or newer",
  // Fails where go is older than go.mod asks for.
  isPresent: () => answers("go", "list", "-m"),
  async generate({ files }) {
    const folder = await installed("go", pins, async (target) => {
      for (const pin of pins) await run("go", ["install", pin], { GOBIN: target });
    });
    const options = ["module=ml.arbitrex/gen/go"];
    const plugins = ["protoc-gen-go", "protoc-gen-go-grpc"].map((name) => ({
      local: join(folder, name),
      out: emptyOutput("go"),
      opt: options,
    }));
    await run("node_modules/.bin/buf", [
      "generate",
      "--template",
      JSON.stringify({ version: "v2", plugins }),
      ...files.flatMap((file) => ["--path", `proto/${file}`]),
    ]);
  },
};
