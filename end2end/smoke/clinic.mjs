// A demo clinic for the smoke runs: server and Postgres of its own, on a free port.

import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const program = process.env.CADENCE ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/cadence");

/** With a size, the clinic is filled to it before the server starts. */
export async function openClinic(size) {
  const data = mkdtempSync(join(tmpdir(), "cad-"));
  chmodSync(data, 0o755);
  const port = await freePort();
  let child;
  const env = { ...process.env };
  delete env.DATABASE_URL;
  if (size) {
    const args = ["seed", "--data", data, "--clients", String(size.clients), "--sessions", String(size.sessions)];
    execFileSync(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  }
  const start = () =>
    new Promise((ready, failed) => {
      const site = join(root, "var/site");
      child = spawn(program, ["serve", "--demo", "--data", data, "--listen", `127.0.0.1:${port}`, "--site", site], { env, stdio: ["ignore", "pipe", "inherit"] });
      let said = "";
      child.stdout.on("data", (chunk) => {
        said += chunk;
        if (said.includes("Cadence is ready")) ready();
      });
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
    });
  const stop = () =>
    new Promise((done) => {
      child.once("exit", done);
      child.kill("SIGTERM");
    });
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    /** The command that talks to the clinic's own Postgres. */
    get psql() {
      const bin = execFileSync("sh", ["-c", "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1"]).toString().trim();
      return [join(bin, "psql"), "-h", join(data, "socket"), "-U", "cadence_owner", "-d", "cadence"];
    },
    start,
    stop,
    async remove() {
      if (child.exitCode === null) await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function freePort() {
  return new Promise((resolved) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolved(port));
    });
  });
}

/** Asks again until the answer is good, for at most so long. */
export async function until(what, ask, patience = 20_000) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain: ${what}`);
    await new Promise((wait) => setTimeout(wait, 100));
  }
}
