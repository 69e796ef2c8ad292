// Journey 1 with script: the office opens Today, records a response from the keyboard, and the
// Ministry knows of it, but never of the note.
import { assert, equal, keyboard, until } from "../lib/story.mjs";
import { lines } from "../lib/pages.mjs";
import { responses, sendNow, wholeMinistry } from "../lib/ministry.mjs";

export const MARKER = "kererū-7f3a under the bridge";

export default async function journey(story) {
  const page = await story.as("office");
  const ministry = await story.page();

  const before = await story.step("Today lists students who reached a level", async () => {
    await story.open(page, "/today");
    const found = await lines(page);
    assert(found.length > 1, `Today has ${found.length} lines`);
    assert(found.every((line) => line.name && line.crossing && line.halfDays >= 10), JSON.stringify(found.slice(0, 3)));
    return found;
  });
  const known = await responses(story, ministry);

  await story.step("a response is recorded in at most eight keys, without the mouse", async () => {
    const keys = keyboard(page);
    await keys.press("j");
    await keys.press("r");
    await page.locator("#panel [data-record-form]").waitFor();
    await until(() => page.evaluate(() => Boolean(document.activeElement.closest("#panel"))), 5, "the panel has the focus");
    await keys.press("1");
    await keys.press("a");
    await Promise.all([page.waitForNavigation(), keys.press("s")]);
    assert(keys.pressed.length <= 8, `${keys.pressed.length} keys: ${keys.pressed.join(" ")}`);
  });

  await story.step("the next student's form is open, with the notice of what was saved", async () => {
    await page.locator("[data-record-form]").waitFor();
    equal(await page.locator(".notice-success").count(), 1, "notices");
  });

  await story.step("a second one is recorded with a note", async () => {
    const form = page.locator("[data-record-form]");
    await form.locator("textarea[name=note]").fill(MARKER);
    await form.locator(".type-choice input").nth(1).focus();
    await page.keyboard.press("2");
    await page.keyboard.press("a");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("s")]);
  });

  await story.step("both lines have gone from Today", async () => {
    await story.open(page, "/today");
    const after = await lines(page);
    equal(after.length, before.length - 2, "lines");
    assert(!after.some((line) => line.crossing === before[0].crossing), `${before[0].name} is still listed`);
  });

  await story.step("the Ministry's page shows both within moments", async () => {
    await sendNow(story, page);
    await until(async () => (await responses(story, ministry)) >= known + 2, 30, `the Ministry knows more than ${known} responses`);
  });

  await story.step("the note is nowhere on the Ministry's pages, nor in what was logged", async () => {
    const text = await wholeMinistry(story, ministry);
    assert(text.length > 1000, "the Ministry's pages are empty");
    assert(!text.includes("7f3a"), "a note reached the Ministry's pages");
    assert(!story.demo.said().includes("7f3a"), "a note was logged");
  });

  await story.step("the note is with the student, for the school", async () => {
    const second = before.find((line) => line.crossing !== before[0].crossing);
    const pages = before.slice(0, 4).map((line) => line.student);
    let found = false;
    for (const address of [second.student, ...pages]) {
      for (const suffix of ["", "/notes"]) {
        await story.open(page, address + suffix);
        found ||= (await page.content()).includes("7f3a");
      }
      if (found) break;
    }
    assert(found, "no student's page has the note");
  });
}
