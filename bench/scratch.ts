import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WireProtocol } from "./answers.ts";
import type { RequestFixture } from "./request-fixture.ts";

/** The files of one run: bodies to post, answers to give, audit logs. Removed at its end. */
export interface Scratch {
  readonly root: string;
  readonly bodyFile: Readonly<Record<WireProtocol, string>>;
  readonly latencyFile: string;
  /** Kind of the file system, since a tmpfs makes `strict` free. */
  readonly fileSystem: string;
  answerFile(protocol: WireProtocol): string;
  /** A path that no other contestant has; not created yet. */
  createDirectory(): string;
  remove(): void;
}

/** @param parent @default the system's folder for temporary files */
export function createScratch(fixture: RequestFixture, parent: string = tmpdir()): Scratch {
  const root = mkdtempSync(join(parent, "ml-layer-bench-"));
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(root, name);
    writeFileSync(path, content);
    return path;
  };
  let directories = 0;
  return {
    root,
    bodyFile: {
      grpc: write("predict.grpc", fixture.grpcBody),
      stream: write("batch-predict.grpc", fixture.streamBody),
      rest: write("predict.json", fixture.json),
      connect: write("predict.binpb", fixture.message),
    },
    latencyFile: join(root, "latencies.tsv"),
    fileSystem: nameFileSystem(statfsSync(root).type),
    answerFile: (protocol) => join(root, `answer.${protocol}`),
    createDirectory: () => join(root, `service-${directories++}`),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Magic numbers from statfs(2). */
const fileSystems = new Map([
  [0xef53, "ext4"],
  [0x0102_1994, "tmpfs (strict costs nothing here: choose a disk with --scratch)"],
  [0x5846_5342, "xfs"],
  [0x9123_683e, "btrfs"],
  [0x794c_7630, "overlayfs"],
]);

function nameFileSystem(type: number): string {
  return fileSystems.get(type) ?? `statfs type 0x${type.toString(16)}`;
}
