// docs/guide/first-day.md, step by step, on a school of its own that does not exist yet.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "../lib/demo.mjs";
import { assert, equal, until } from "../lib/story.mjs";
import { choose, lines, submit } from "../lib/pages.mjs";

const NOW = "2026-11-23T10:30:00+13:00";
const PASSWORD = "nine tūī over the estuary";
const STAFF = `staff_id,name,email,role,groups
T1,Moana Example,moana@kura.example,teacher,5A
L1,Rewi Example,rewi@kura.example,leader,
`;
const STUDENTS = `student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date
1,,Ana,Example,,5,5A,2026-01-27,
2,,Ben,Example,,5,5A,2026-01-27,
`;

/** Ana was away for a week, Ben was not. */
function marks() {
  const rows = ["student_id,date,half,code"];
  for (let day = 9; day <= 13; day += 1) {
    const date = `2026-11-${String(day).padStart(2, "0")}`;
    for (const half of ["am", "pm"]) rows.push(`1,${date},${half},M`, `2,${date},${half},P`);
  }
  return `${rows.join("\n")}\n`;
}

/** The commands of the guide's first step, as they stand there. */
function commands() {
  const guide = readFileSync(new URL("../../../docs/guide/first-day.md", import.meta.url), "utf8");
  const block = guide.split("```")[1].trim().split("\n");
  return block.map((line) => line.match(/"[^"]*"|\S+/g).slice(1).map((word) => word.replaceAll('"', "")));
}

function run(home, args) {
  return spawn(binary(), [...args, "--now", NOW], { cwd: home, stdio: ["ignore", "pipe", "pipe"] });
}

async function output(child) {
  let said = "";
  child.stdout.on("data", (bytes) => { said += bytes; });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  equal(code, 0, "exit code");
  return said.trim();
}

async function importFile(page, kind, file) {
  await page.goto(new URL("/school/imports", page.url()).href);
  await page.locator("main input[name=file]").setInputFiles(file);
  await submit(page, page.locator("main form[action='/school/imports'] .button").first());
  await submit(page, page.locator("main form:has(input[name=expected]) .button"));
  equal(await page.locator(".notice-success").count(), 1, `notices that ${kind} came in`);
}

export default async function journey(story) {
  const home = await mkdtemp(join(tmpdir(), "starboard-first-day-"));
  const [init, serve] = commands();
  let server;
  try {
    const [link, school] = await story.step("1. the school is made and served", async () => {
      const printed = await output(run(home, init));
      // The guide's port may be somebody's already.
      server = run(home, serve.map((word) => (word === "127.0.0.1:4100" ? "127.0.0.1:0" : word)));
      let said = "";
      server.stdout.on("data", (bytes) => { said += bytes; });
      const address = await until(() => said.match(/http:\/\/\S+/)?.[0], 20, "the server names its address");
      story.watch.origins.push(new URL(address).origin);
      return [new URL(new URL(printed).pathname, address).href, address];
    });
    const open = (page, path) => page.goto(new URL(path, school).href);
    const admin = await story.page();

    await story.step("1. the administrator chooses a password", async () => {
      await admin.goto(link);
      await admin.locator("[name=name]").fill("Ada Example");
      await admin.locator("[name=email]").fill("ada@kura.example");
      await admin.locator("[name=password]").fill(PASSWORD);
      await admin.locator("[name=again]").fill(PASSWORD);
      await submit(admin, admin.locator("main .button"));
    });

    await story.step("2. the term is taken from the Ministry's dates", async () => {
      await open(admin, "/school/calendar");
      const term = admin.locator("fieldset", { has: admin.locator("input[name=ministry][value='2026-T4']") });
      await term.locator("input[name=ministry]").check();
      await submit(admin, admin.locator("form", { has: admin.locator("input[name=ministry]") }).locator(".button"));
      assert((await admin.locator("#terms ~ dl, section[aria-labelledby=terms] dl").first().textContent()).includes("Term 4"), "the term is not there");
    });

    await story.step("3. staff, students and marks come in", async () => {
      await open(admin, "/school/imports");
      for (const [kind, text] of [["staff", STAFF], ["students", STUDENTS], ["marks", marks()]]) {
        const file = join(home, `${kind}.csv`);
        await writeFile(file, text);
        await importFile(admin, kind, file);
      }
    });

    const signedIn = async (id) => {
      await open(admin, `/school/people/of/${id}`);
      await submit(admin, admin.locator("form[action$='/link'] button"));
      const invitation = (await admin.locator("pre").textContent()).trim();
      const page = await story.page();
      await page.goto(new URL(new URL(invitation).pathname, school).href);
      await page.locator("[name=password]").fill(PASSWORD);
      await page.locator("[name=again]").fill(PASSWORD);
      await submit(page, page.locator("main .button"));
      return page;
    };
    const leader = await story.step("5. the leader signs in", () => signedIn("L1"));
    const teacher = await story.step("5. the teacher signs in", () => signedIn("T1"));

    await story.step("6. the leader sets the plan up, and families can read it", async () => {
      await open(leader, "/plan");
      await leader.locator("main a[href^='/plan/start']").first().click();
      await leader.locator("input[name=plan][value=small-primary]").check();
      await submit(leader, leader.locator("form[method=get] .button"));
      await submit(leader, leader.locator("form[method=post][action='/plan/start'] .button"));
      const family = await story.page();
      equal((await open(family, "/attendance-plan")).status(), 200, "the status for a family");
      assert(!(await family.locator("body").textContent()).includes("Example School staff"), "a person is named");
    });

    await story.step("7. the teacher records the first response from My day", async () => {
      await open(teacher, "/my-day");
      const before = await lines(teacher);
      assert(before.some((line) => line.name === "Ana Example"), `My day has ${before.map((line) => line.name)}`);
      await open(teacher, before.find((line) => line.name === "Ana Example").record);
      await choose(teacher, "Conversation with whānau", "Initial conversation with whānau");
      await submit(teacher, teacher.locator(".form-end .button").first());
      await open(teacher, "/my-day");
      const after = await lines(teacher);
      assert(!after.some((line) => line.crossing === before[0].crossing), "the task is still there");
    });
  } finally {
    if (server && server.exitCode === null) {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await gone;
    }
    await rm(home, { recursive: true, force: true });
  }
}
