import { chmodSync } from "node:fs";
import { join } from "node:path";
import { answers, emptyOutput, type Generator, installed, run } from "./toolchain.ts";

/** protoc is of the release that grpc-java brings the runtime of, so that its users need no other. */
const pins = ["com.google.protobuf:protoc:3.25.8", "io.grpc:protoc-gen-grpc-java:1.80.0"];
const mavenCopy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

/** Messages and gRPC stubs for Java. google.* comes from proto-google-common-protos, health from grpc-services. */
export const javaGenerator: Generator = {
  name: "java",
  needs: "mvn (Maven), on Linux, macOS or Windows of a usual processor",
  isPresent: () => answers("mvn", "--version"),
  async generate({ descriptorSet, files }) {
    const folder = await installed("java", pins, async (target) => {
      for (const pin of pins) {
        const artifact = `${pin}:exe:${classifier()}`;
        const options = [`-Dartifact=${artifact}`, `-DoutputDirectory=${target}`, "-Dmdep.stripVersion=true"];
        await run("mvn", ["--quiet", "--batch-mode", mavenCopy, ...options]);
      }
      for (const name of ["protoc", "protoc-gen-grpc-java"]) chmodSync(executable(target, name), 0o755);
    });
    const output = emptyOutput("java");
    await run(executable(folder, "protoc"), [
      `--descriptor_set_in=${descriptorSet}`,
      `--plugin=protoc-gen-grpc-java=${executable(folder, "protoc-gen-grpc-java")}`,
      `--java_out=${output}`,
      // The annotation differs between JDKs and says nothing that the header of the file does not.
      `--grpc-java_out=@generated=omit:${output}`,
      ...files,
    ]);
  },
};

function executable(folder: string, name: string): string {
  return join(folder, `${name}-${classifier()}.exe`);
}

/** The machine as Maven Central calls it. */
function classifier(): string {
  const systems: Partial<Record<NodeJS.Platform, string>> = { linux: "linux", darwin: "osx", win32: "windows" };
  const processors: Partial<Record<NodeJS.Architecture, string>> = { x64: "x86_64", arm64: "aarch_64" };
  return `${systems[process.platform] ?? process.platform}-${processors[process.arch] ?? process.arch}`;
}
