/**
 * Adds to package-lock.json the builds for other platforms that npm left out because the registry in use did not have
 * them (yet): `complete-lockfile.ts [FILE]`, after `npm install`. npm itself then refuses the file it wrote
 * ("npm ci … Missing: … from lock file", seen with npm 11.19), although this platform needs none of them.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  packages: Record<string, LockedPackage>;
}

const [path = "package-lock.json"] = process.argv.slice(2);
const lockfile: Lockfile = JSON.parse(readFileSync(path, "utf8"));
const added: string[] = [];
for (const owner of Object.values(lockfile.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const location = `node_modules/${name}`;
    if (location in lockfile.packages) continue;
    lockfile.packages[location] = describeBuild(name, version, owner);
    added.push(`${name} ${version}`);
  }
}
// npm sorts the same way, so that the next install changes nothing else.
lockfile.packages = Object.fromEntries(
  Object.entries(lockfile.packages).sort(([one], [other]) => one.localeCompare(other, "en")),
);
writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
process.stdout.write(added.length === 0 ? "nothing is missing\n" : `added ${added.join(", ")}\n`);

/** Without a digest, which only the registry could tell; npm checks those that it has. */
function describeBuild(name: string, version: string, owner: LockedPackage) {
  const [, os, cpu = "", libc] = /-(android|darwin|freebsd|linux|win32)-(\w+?)(?:-(musl|gnu))?$/.exec(name) ?? [];
  if (os === undefined) throw new Error(`${name} does not say which platform it is for`);
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name} has no exact version: ${version}`);
  return {
    version,
    cpu: [{ aarch64: "arm64", armv7: "arm" }[cpu] ?? cpu],
    ...(owner.dev === true && { dev: true }),
    ...(libc !== undefined && { libc: [libc === "musl" ? "musl" : "glibc"] }),
    optional: true,
    os: [os],
  };
}
