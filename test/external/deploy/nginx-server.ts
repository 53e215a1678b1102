/** A real nginx with the shipped configuration before instances of the test's. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { deployDirectory, run, type Verdict } from "./deployment-check.ts";

export interface NginxServer extends AsyncDisposable {
  /** What `nginx -t` said. */
  readonly verdict: Verdict;
  /** Where it listens; a socket of the file system, since nginx cannot take a free port. */
  readonly socketPath: string;
  /** PEM of its own certificate, for `localhost`. */
  readonly certificate: Buffer;
}

/** The shipped configuration with the test's addresses and certificate in place of the operator's. */
export async function startNginx(ports: readonly [number, number]): Promise<NginxServer> {
  const directory = mkdtempSync(join(tmpdir(), "ml-layer-nginx-"));
  const socketPath = join(directory, "tls.sock");
  makeCertificate(directory);
  const shipped = readFileSync(`${deployDirectory}/nginx/ml-layer.conf`, "utf8");
  const site = shipped
    .replace("listen 8443 ssl", `listen unix:${socketPath} ssl`)
    .replace("127.0.0.1:8003", `127.0.0.1:${ports[0]}`)
    .replace("127.0.0.1:8013", `127.0.0.1:${ports[1]}`)
    .replaceAll("/etc/nginx/tls/", `${directory}/`);
  writeFileSync(join(directory, "site.conf"), site);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${directory}/${kind};`,
  );
  const main = join(directory, "nginx.conf");
  writeFileSync(
    main,
    `user root; daemon off; worker_processes 1; pid ${directory}/nginx.pid; error_log ${directory}/error.log;
events {}
http { access_log off; ${temporary.join(" ")} include ${directory}/site.conf; }
`,
  );
  const verdict = run("nginx", "-t", "-c", main, "-p", directory);
  const server = spawn("nginx", ["-c", main, "-p", directory], { stdio: "ignore" });
  const exit = once(server, "exit");
  await awaitListening(socketPath, server);
  return {
    verdict,
    socketPath,
    certificate: readFileSync(join(directory, "ml-layer.crt")),
    async [Symbol.asyncDispose]() {
      server.kill("SIGTERM");
      await exit;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** nginx tells nobody when it listens, so it is asked until it does. */
async function awaitListening(path: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 250 && server.exitCode === null; attempt++) {
    const socket = connect(path);
    const [event] = await Promise.race([once(socket, "connect").then(() => ["connect"]), failed(socket)]);
    socket.destroy();
    if (event === "connect") return;
    await setTimeout(20);
  }
  throw new Error(`nginx does not listen; exit code ${server.exitCode}`);
}

function failed(socket: Socket): Promise<string[]> {
  return new Promise((resolve) => socket.once("error", () => resolve(["error"])));
}

function makeCertificate(directory: string): void {
  const files = ["-keyout", join(directory, "ml-layer.key"), "-out", join(directory, "ml-layer.crt")];
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...name, ...files], {
    stdio: "pipe",
  });
}
