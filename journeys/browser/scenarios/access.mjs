// Every page of every role, and the Ministry's: no violation that axe-core finds, at two widths,
// light and dark, and no sideways scroll at 320 px. Leaves a picture of each.
import { execFileSync } from "node:child_process";
import { assert } from "../lib/story.mjs";
import { scan } from "../lib/access.mjs";
import { crawl } from "../lib/crawl.mjs";
import { NOW, binary } from "../lib/demo.mjs";

// The first three see different pages under one address; the others only where they see more.
const ROLES = ["office", "teacher", "sms_admin", "dean", "leader", "principal"];

export default async function scanAll(story) {
  const known = new Set();

  const check = async (page, label) => {
    const problems = await scan(page, label, story.shots);
    assert(problems.length === 0, problems.join("\n"));
  };
  // Each page is a step of its own; one that fails does not hide the others.
  const each = async (page, label) => {
    await story.step(label, () => check(page, label)).catch(() => {});
  };

  const stranger = await story.page();
  for (const [label, address] of [
    ["sign-in", "/sign-in"],
    ["privacy", "/privacy"],
    ["a page that is not there", "/not-there"],
    ["a set-up link that is not valid", "/set-up/not-valid"],
  ]) {
    await story.open(stranger, address);
    await each(stranger, label);
  }

  await story.step("a fault that was planted is found", async () => {
    await story.open(stranger, "/sign-in");
    await stranger.evaluate(() => {
      document.querySelector("main label").remove();
      const wide = document.createElement("p");
      wide.textContent = "wide".repeat(200);
      wide.style.whiteSpace = "nowrap";
      document.querySelector("main").append(wide);
    });
    const problems = await scan(stranger, "planted", story.shots);
    assert(problems.some((problem) => problem.includes(": label:")), "a field without a label passed");
    assert(problems.some((problem) => problem.includes("scrolls sideways")), "a sideways scroll passed");
  });

  for (const [index, role] of ROLES.entries()) {
    const page = await story.as(role);
    const seen = await crawl(page, `${story.school}/`, (here, kind) => each(here, `${role} ${kind}`), {
      known: index < 3 ? new Set() : known,
    });
    seen.forEach((kind) => known.add(kind));
    await page.context().close();
    assert(seen.size > 3, `${role} gets to ${[...seen].join(", ")}`);
  }

  const office = await story.as("office");
  await story.open(office, "/today");
  await office.keyboard.press("?");
  await office.locator("dialog[open]").waitFor();
  await each(office, "the keys");
  await story.open(office, "/today");
  await office.keyboard.press("j");
  await office.keyboard.press("r");
  await office.locator("#panel [data-record-form]").waitFor();
  await office.keyboard.press("1");
  await each(office, "the panel");
  await story.open(office, "/school/people");
  await each(office, "refused");

  const ministry = await story.page();
  const seen = await crawl(ministry, `${story.ministry}/`, (here, kind) => each(here, `ministry ${kind}`));
  assert(seen.size >= 10, `the Ministry has ${[...seen].join(", ")}`);
  await ministry.goto(`${story.ministry}/admit`);
  await Promise.all([ministry.waitForNavigation(), ministry.locator("main form button").click()]);
  await each(ministry, "ministry admit with mistakes");
  await ministry.goto(`${story.ministry}/sign-in/not-valid`);
  await each(ministry, "ministry a link that does not work");

  // An analyst finds fewer pages, and on them less.
  const analyst = await story.page();
  await analyst.goto(personLink(story));
  await each(analyst, "ministry sign-in");
  await Promise.all([analyst.waitForNavigation(), analyst.locator("main form button").click()]);
  const found = await crawl(analyst, `${story.ministry}/`, (here, kind) => each(here, `analyst ${kind}`));
  assert(found.size >= 6 && ![...found].some((kind) => /admit|batches|refused|record/.test(kind)),
    `an analyst gets to ${[...found].join(", ")}`);
  await analyst.goto(`${story.ministry}/admit`);
  await each(analyst, "analyst refused");
}

/** A link that signs an analyst in. */
function personLink(story) {
  const args = ["ministry-person", "add", "--name", "Analyst", "--role", "analyst", "--address", story.ministry,
    "--data", story.demo.data, "--now", NOW];
  return execFileSync(binary(), args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}
