import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each room may import from, besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  disk: [],
  engine: ["domain"],
  registry: ["domain", "disk"],
  config: ["domain", "disk"],
  monitor: ["domain", "disk", "gen/wasm"],
  control: ["domain", "disk", "engine", "registry", "config", "monitor"],
  handlers: ["domain", "engine", "registry", "config", "monitor", "gen", "gen/wasm"],
  transport: ["domain", "gen"],
  upstream: ["domain"],
  workers: ["*"],
  cli: ["*"],
  "": ["*"],
};

/** Serving code must never depend on what makes its inputs, and nobody on what composes. */
const importedByNobody = ["cli", "workers", "service.ts", "index.ts", "main.ts"];
const servingRooms = ["domain", "disk", "engine", "registry", "config", "monitor", "handlers", "control", "transport"];

/** Packages that only these files import, so that each can be replaced in one place. */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  "onnxruntime-node": ["registry"],
  "prom-client": ["monitor/prometheus"],
  pino: ["service-log.ts"],
  "@opentelemetry/api": ["tracing.ts"],
  "@opentelemetry/exporter-trace-otlp-http": ["tracing.ts"],
  "@opentelemetry/resources": ["tracing.ts"],
  "@opentelemetry/sdk-trace": ["tracing.ts"],
  "@connectrpc/connect-node": ["transport/connect-adapter.ts", "cli"],
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

function listImports(): Import[] {
  return globSync("src/**/*.ts", { cwd: root }).flatMap((path) => {
    const file = relative("src", path);
    const text = readFileSync(join(root, path), "utf8");
    const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
    return targets.map((target) => ({ file, room: roomOf(file), target: resolveTarget(file, target) }));
  });
}

function roomOf(file: string): string {
  return file.includes("/") ? (file.split("/")[0] ?? "") : "";
}

/** Made of a source that stands in the room, as against what is made of the protocol. */
function generatedRoomOf(target: string): string | undefined {
  if (target.startsWith("gen/wasm/")) return "gen/wasm";
  return target.startsWith("gen/") ? "gen" : undefined;
}

function resolveTarget(file: string, target: string): string {
  return target.startsWith(".") ? join("src", dirname(file), target) : target;
}

describe("the rooms of the house", () => {
  const imports = listImports();

  it("are all known", () => {
    expect(imports.length).toBeGreaterThan(100);
    expect([...new Set(imports.map(({ room }) => room))].filter((room) => !(room in allowed))).toEqual([]);
  });

  it("import only what their table allows", () => {
    const wrong = imports.filter(({ room, target }) => {
      if (!target.startsWith("src/") && !target.startsWith("gen/")) return false;
      const targetRoom = generatedRoomOf(target) ?? roomOf(relative("src", target));
      const rooms = allowed[room] ?? [];
      return targetRoom !== room && !rooms.includes("*") && !rooms.includes(targetRoom);
    });
    expect(wrong).toEqual([]);
  });

  it("do not import what composes them", () => {
    const wrong = imports.filter(
      ({ room, target }) =>
        servingRooms.includes(room) &&
        importedByNobody.some((name) => target === `src/${name}` || target.startsWith(`src/${name}/`)),
    );
    expect(wrong).toEqual([]);
  });

  it("keep each replaceable package in its own files", () => {
    const wrong = imports.filter(({ file, target }) => {
      const homes = packageHomes[target];
      return homes !== undefined && !homes.some((home) => file === home || file.startsWith(`${home}/`));
    });
    expect(wrong).toEqual([]);
  });
});
