// Starts a demonstration school with its Ministry, and ends it: only the child started here, by its own id.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { makeDatabase } from "./postgres.mjs";

const root = new URL("../../..", import.meta.url).pathname;

// A school morning in Term 4, so that the journeys pass on any day of the year.
export const NOW = process.env.JOURNEYS_NOW ?? "2026-11-23T10:30:00+13:00";
const READY_SECONDS = 90;

export function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const path = process.env.STARBOARD ?? join(target, "debug", "starboard");
  if (!existsSync(path)) throw new Error(`${path} is missing: cargo build --workspace --bins`);
  return path;
}

/**
 * Resolves to `{ school_url, ministry_url, password, people, data, said(), stop() }` once both sides answer.
 * On PostgreSQL the school is on the server of this run; the Ministry's data is in a directory.
 */
export async function startDemo(engine) {
  const data = await mkdtemp(join(tmpdir(), "starboard-journeys-"));
  const database = engine === "PostgreSQL" ? makeDatabase(binary()) : null;
  const args = ["demo", "--students", "240", "--seed", "7", "--listen", "127.0.0.1:0", "--now", NOW, "--json"];
  // Beside a server's database, a demo makes a directory among the temporary files.
  if (!database) args.push("--data", data);
  const variables = database ? { STARBOARD_DATABASE: database.url, TMPDIR: data } : {};
  const child = spawn(binary(), args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...variables } });
  const exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));

  // Everything it says is kept: a note must not be in it either.
  let said = "";
  child.stderr.on("data", (bytes) => { said += bytes; });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 5000);
      await exited;
      clearTimeout(patience);
    }
    await rm(data, { recursive: true, force: true });
    database?.remove();
  };

  try {
    const told = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        said += `${line}\n`;
        if (line.startsWith("{")) resolve(JSON.parse(line));
      });
    });
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`no address within ${READY_SECONDS} s:\n${said}`)), READY_SECONDS * 1000).unref();
    });
    const gone = exited.then((how) => { throw new Error(`starboard demo ended (${how}):\n${said}`); });
    gone.catch(() => {});
    const demo = await Promise.race([told, late, gone]);
    for (const url of [demo.school_url, demo.ministry_url]) await answers(url);
    return { ...demo, data, said: () => said, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answers(url) {
  for (let tries = 0; ; tries += 1) {
    try {
      await fetch(url, { redirect: "manual" });
      return;
    } catch (error) {
      if (tries > 100) throw new Error(`${url} does not answer: ${error.message}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
