// A typed client, made from the committed document in this run.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const here = new URL("..", import.meta.url).pathname;
const document = join(here, "../../docs/api/v1.openapi.json");
const tool = (...path) => join(here, "node_modules", ...path);
const run = (...args) => {
  try {
    execFileSync(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(`${error.stdout}${error.stderr}`);
  }
};

/** The document as it is committed. */
export const committed = () => JSON.parse(readFileSync(document, "utf8"));

/** Makes types of the document, checks the client against them, and answers the client. */
export async function typedClient() {
  const made = join(here, "api", "generated");
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  run(tool("openapi-typescript", "bin", "cli.js"), document, "--output", join(made, "v1.d.ts"));
  run(tool("typescript", "bin", "tsc"), "--project", join(here, "api", "tsconfig.json"));
  return import(join(made, "js", "client.js"));
}
