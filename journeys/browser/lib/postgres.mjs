// A database of the journeys' own on the PostgreSQL server of this run, ready for a school.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = new URL("../../..", import.meta.url).pathname;

/** The URL of the server's superuser; without one there is nothing to try. */
export const server = process.env.STARBOARD_TEST_POSTGRES ?? "";

/** Makes one and answers `{ url, remove() }`; `starboard` is the path of the program. */
export function makeDatabase(starboard) {
  const programs = execFileSync(join(root, "crates/testkit/postgres"), ["programs"], { encoding: "utf8" }).trim();
  const run = (database, ...statements) => {
    const commands = statements.flatMap((statement) => ["--command", statement]);
    const options = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", urlOf(null, database)];
    execFileSync(join(programs, "psql"), [...options, ...commands], { stdio: ["ignore", "ignore", "inherit"] });
  };
  const name = `starboard_journeys_${process.pid}`;
  const [owner, role] = [`${name}_owner`, `${name}_app`];
  const password = decodeURIComponent(new URL(server).password).replaceAll("'", "''");
  const remove = () => run("postgres", `drop database if exists ${name} with (force)`,
    `drop role if exists ${owner}`, `drop role if exists ${role}`);
  try {
    run("postgres", `create role ${owner} login password '${password}'`, `create role ${role} login password '${password}'`,
      `create database ${name} owner ${owner} template template0`);
    run(name, `alter schema public owner to ${owner}`);
    execFileSync(starboard, ["migrate", "--database", urlOf(owner, name), "--app-role", role], { stdio: "ignore" });
  } catch (error) {
    remove();
    throw error;
  }
  return { url: urlOf(role, name), remove };
}

function urlOf(role, database) {
  const url = new URL(server);
  if (role) url.username = role;
  url.pathname = `/${database}`;
  return url.href;
}
