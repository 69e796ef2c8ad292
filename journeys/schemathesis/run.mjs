// Runs schemathesis (its path is the first argument, the number of cases the second) on a demonstration
// school. Several programs ask in turn: one alone would be told to slow down.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { binary, NOW, startDemo } from "../browser/lib/demo.mjs";
import { committed } from "../browser/lib/typed.mjs";

// Each may ask 300 times: the demonstration's clock stands still.
const PROGRAMS = 25;
/** The most that a school gives access to. */
const MOST_PROGRAMS = 50;
const A_PROGRAM = 300;

/** Routes that must have answered well at least once: a run in which nothing was let in tests nothing. */
const ROUTES = 20;
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "unsupported_method",
];

const [st, examples] = process.argv.slice(2);
const scopes = Object.keys(committed().components.securitySchemes.program.flows.clientCredentials.scopes);
const demo = await startDemo("SQLite");
let status = 1;
const operations = Object.values(committed().paths).reduce((sum, path) => sum + Object.keys(path).length, 0);
try {
  const counts = join(demo.data, "answers.json");
  const length = Math.min(PROGRAMS + Math.ceil((operations * Number(examples)) / A_PROGRAM) * 2, MOST_PROGRAMS);
  const programs = Array.from({ length }, (_, place) => {
    const words = ["api", "client", "add", "--name", `Drawn requests ${place}`, "--scopes", scopes.join(",")];
    const made = execFileSync(binary(), [...words, "--data", demo.data, "--now", NOW, "--json"], { stdio: ["ignore", "pipe", "ignore"] });
    return JSON.parse(made);
  });
  const run = spawnSync(
    resolve(st),
    [
      "run", `${demo.school_url}/api/v1/openapi.json`, "--checks", CHECKS.join(","), "--max-examples", examples,
      "--phases", "examples,coverage,fuzzing", "--generation-deterministic",
      "--continue-on-failure", "--warnings", "off", "--suppress-health-check", "all", "--no-color",
    ],
    {
      stdio: "inherit",
      // What it keeps for itself goes with the demonstration.
      cwd: demo.data,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: "journeys.schemathesis.hooks",
        PYTHONPATH: new URL("../..", import.meta.url).pathname,
        PYTHONDONTWRITEBYTECODE: "1",
        STARBOARD_URL: demo.school_url,
        STARBOARD_PROGRAMS: JSON.stringify(programs),
        STARBOARD_COUNTS: counts,
      },
    },
  );
  status = run.status ?? 1;
  const { well, slowed } = JSON.parse(readFileSync(counts, "utf8"));
  console.log(`${well.length} of ${operations} routes answered well, ${slowed} answers asked to slow down`);
  if (well.length < ROUTES || slowed > 0) status = 1;
} finally {
  await demo.stop();
}
// A count in the form of the other steps.
console.log(`\n${status === 0 ? 1 : 0} passed, ${status === 0 ? 0 : 1} failed`);
process.exit(status);
