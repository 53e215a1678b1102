/**
 * The image of deploy/container/Dockerfile, built for real and run as its configuration says. Registries of images may be out
 * of reach, so the base image is made here: Debian's files of this machine and the Node of the registry package.
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const baseImage = "localhost/ml-layer-test-base";
const image = "localhost/ml-layer-test";

/** What a shell, npm and the service need of an operating system. */
const debianPackages = [
  "base-files",
  "bash",
  "ca-certificates",
  "coreutils",
  "dash",
  "findutils",
  "libacl1",
  "libattr1",
  "libc-bin",
  "libc6",
  "libgcc-s1",
  "libgmp10",
  "libpcre2-8-0",
  "libselinux1",
  "libssl3",
  "libstdc++6",
  "libtinfo6",
];

export interface ImageConfig {
  readonly User: string;
  readonly WorkingDir: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Healthcheck: { readonly Test: readonly string[] };
  readonly Volumes: Readonly<Record<string, unknown>>;
}

export interface ContainerImage extends Disposable {
  readonly config: ImageConfig;
  /** Where its root file system is mounted. */
  readonly directory: string;
}

/** Builds the image and mounts it. */
export function buildImage(): ContainerImage {
  const base = makeBase();
  const mounts = [{ from: "/etc/ssl/certs", to: "/etc/ssl/certs" }, ...npmConfigFiles()];
  buildah([
    ...["bud", "--format", "docker", "--pull-never", "--network", "host", "--build-arg", `NODE_IMAGE=${base}`],
    ...mounts.flatMap(({ from, to }) => ["-v", `${from}:${to}:ro`]),
    ...["-f", "deploy/container/Dockerfile", "-t", image, "."],
  ]);
  const container = buildah(["from", "--pull-never", image]);
  const directory = buildah(["mount", container]);
  const { Docker } = JSON.parse(buildah(["inspect", "--type", "image", image]));
  return {
    config: Docker.config,
    directory,
    [Symbol.dispose]() {
      buildah(["umount", container]);
      buildah(["rm", container]);
    },
  };
}

function makeBase(): string {
  const container = buildah(["from", "scratch"]);
  const directory = buildah(["mount", container]);
  for (const path of [
    "dev",
    "proc",
    "root",
    "tmp",
    "usr/bin",
    "usr/sbin",
    "usr/lib",
    "usr/lib64",
    "usr/local/bin",
    "usr/local/lib/node_modules",
  ]) {
    execFileSync("mkdir", ["-p", join(directory, path)]);
  }
  for (const name of ["bin", "sbin", "lib", "lib64"]) execFileSync("ln", ["-s", `usr/${name}`, join(directory, name)]);
  const files = execFileSync("dpkg", ["-L", ...debianPackages], { encoding: "utf8" }).split("\n");
  const list = join(mkdtempSync(join(tmpdir(), "ml-layer-image-")), "files");
  writeFileSync(list, files.filter((path) => path.startsWith("/") && path !== "/." && existsSync(path)).join("\n"));
  const pack = `tar -C / -cf - --no-recursion -T ${list} 2>/dev/null | tar -C ${directory} -xf - --keep-directory-symlink`;
  execFileSync("bash", ["-c", pack], { stdio: "pipe" });
  execFileSync("install", ["-m755", process.execPath, join(directory, "usr/local/bin/node")]);
  const npm = execFileSync("bash", ["-c", "readlink -f $(command -v npm)"], { encoding: "utf8" }).trim();
  execFileSync("cp", ["-a", join(npm, "../.."), join(directory, "usr/local/lib/node_modules/npm")]);
  execFileSync("ln", ["-s", "../lib/node_modules/npm/bin/npm-cli.js", join(directory, "usr/local/bin/npm")]);
  buildah(["umount", container]);
  buildah(["config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", container]);
  buildah(["commit", "-q", container, baseImage]);
  buildah(["rm", container]);
  return baseImage;
}

/** Where this machine's npm is told which registry to ask, and where the image's npm looks for it. */
function npmConfigFiles(): { from: string; to: string }[] {
  // The npm that runs a test tells its children its own idea of the machine: that of the Node package.
  const path = (process.env["PATH"] ?? "").split(":").filter((folder) => !folder.includes("node_modules"));
  const variables = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  const env = { ...Object.fromEntries(variables), PATH: path.join(":") };
  const places = { globalconfig: "/usr/local/etc/npmrc", userconfig: "/root/.npmrc" };
  return Object.entries(places)
    .map(([name, to]) => ({
      from: execFileSync("npm", ["config", "get", name], { encoding: "utf8", cwd: "/", env }).trim(),
      to,
    }))
    .filter(({ from }) => existsSync(from));
}

function buildah(args: readonly string[]): string {
  const options = { encoding: "utf8", cwd: root, maxBuffer: 64 * 1024 * 1024, stdio: "pipe" } as const;
  return execFileSync("buildah", args, { ...options, env: { ...process.env, BUILDAH_ISOLATION: "chroot" } }).trim();
}

/**
 * Starts a command of the image as its user in its folder, over a read-only root, with a folder of this machine in place of the volume.
 * It shares the machine's network.
 */
export function runInImage(
  { config, directory }: ContainerImage,
  command: readonly string[],
  volumeDirectory: string,
  variables: Readonly<Record<string, string>> = {},
): ChildProcess {
  const [volume = ""] = Object.keys(config.Volumes);
  const environment = [...config.Env, ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)];
  const script = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount --bind "$1" "$0$2" \
    && mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && shift 2 \
    && exec chroot --userspec=${config.User} "$0" /usr/bin/env -i -C ${config.WorkingDir} "$@"`;
  const positional = [directory, volumeDirectory, volume, ...environment, ...command];
  return spawn("unshare", ["--mount", "bash", "-c", script, ...positional], { stdio: ["ignore", "pipe", "pipe"] });
}
