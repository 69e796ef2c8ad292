// The browser journeys. `node run.mjs` runs all of them against a demonstration school in a file, and
// the main ones against one on PostgreSQL when STARBOARD_TEST_POSTGRES names a server;
// `node run.mjs take_a_roll access` only those whose names are given.
//
// Each file in scenarios/ exports a function of a Story (lib/story.mjs). Its file's name is the
// scenario's name, by which GUIDANCE.md may point to it.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { launch, Watch } from "./lib/browser.mjs";
import { startDemo } from "./lib/demo.mjs";
import { server } from "./lib/postgres.mjs";
import { Ended, Story } from "./lib/story.mjs";

// What comes from other systems, and goes to them, has a school of its own: the others use up its tasks.
const BESIDE = ["bring_a_file", "connect_kamar", "settle_a_conflict", "speak_as_a_program", "take_a_list_away"];

const here = new URL(".", import.meta.url).pathname;
const shots = join(here, "shots");

// Pages and permissions know no engine: what is tried on the second is the whole way of a mark.
const MAIN = ["correct_the_mark", "reach_a_threshold", "work_through_my_day"];

const report = {
  passed: 0,
  failed: 0,
  ok(title) {
    this.passed += 1;
    console.log(`ok     ${title}`);
  },
  notOk(title, detail) {
    this.failed += 1;
    console.log(`not ok ${title}\n${String(detail).replace(/^/gm, "       ")}`);
  },
};

function scenarios() {
  const names = readdirSync(join(here, "scenarios")).filter((file) => file.endsWith(".mjs")).sort();
  const wanted = process.argv.slice(2);
  const found = names.map((file) => basename(file, ".mjs")).filter((name) => wanted.length === 0 || wanted.includes(name));
  if (found.length === 0) throw new Error(`no scenario of ${wanted.join(", ")}; there are ${names.join(", ")}`);
  // The scan of every page comes last: by then the pages hold what the journeys left.
  return found.sort((one, other) => Number(one === "access") - Number(other === "access"));
}

async function runOn(engine, names) {
  const demo = await startDemo(engine);
  let browser;
  try {
    browser = await launch();
    const watch = new Watch([demo.school_url, demo.ministry_url]);
    for (const name of names) {
      const story = new Story({ name, engine, browser, demo, watch, report, shots });
      try {
        const { default: run } = await import(`./scenarios/${name}.mjs`);
        await run(story);
      } catch (error) {
        if (!(error instanceof Ended)) report.notOk(name, error.stack ?? error);
      } finally {
        await story.end();
      }
    }
    const title = `on ${engine} no page asked another origin, failed or complained`;
    if (watch.problems.length === 0) report.ok(title);
    else report.notOk(title, watch.problems.join("\n"));
  } finally {
    await browser?.close();
    await demo.stop();
  }
}

async function main() {
  rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });
  const names = scenarios();
  const beside = names.filter((name) => BESIDE.includes(name));
  if (beside.length > 0) await runOn("SQLite", beside);
  const others = names.filter((name) => !BESIDE.includes(name));
  if (others.length > 0) await runOn("SQLite", others);
  const main = names.filter((name) => MAIN.includes(name));
  if (server === "") console.log("PostgreSQL was not tried: STARBOARD_TEST_POSTGRES names no server");
  else if (main.length > 0) await runOn("PostgreSQL", main);
}

try {
  await main();
} catch (error) {
  report.notOk("the run", error.stack ?? error);
}
console.log(`\n${report.passed} passed, ${report.failed} failed`);
process.exit(report.failed === 0 ? 0 : 1);
