// Journey 2: the mark that caused the crossing is corrected afterwards.
//
// An unsuccessful attempt is recorded first: it leaves the student on Today, so that it is the
// correction that takes the line away, and the attempt must stay with the student.
import { assert, until } from "../lib/story.mjs";
import { choose, lines, reachedCells, setMark, submit, unfold } from "../lib/pages.mjs";
import { sendNow, withdrawn } from "../lib/ministry.mjs";

const TYPE = "Unsuccessful contact attempt";

export default async function journey(story, options = {}) {
  const page = await story.as("office", options);

  const line = await story.step("a student has just reached a level", async () => {
    await story.open(page, "/today");
    const over = (one) => one.halfDays - one.level * 2;
    const all = (await lines(page)).filter((one) => over(one) >= 0).sort((one, other) => over(one) - over(other));
    assert(all.length > 0 && over(all[0]) <= 6, "nobody is near the level they reached");
    return all[0];
  });

  const ministry = await story.page(options);
  const known = await withdrawn(story, ministry, line.level);

  await story.step("an unsuccessful contact attempt leaves the line on Today", async () => {
    await story.open(page, line.record);
    await choose(page, TYPE);
    await submit(page, page.locator("[data-record-form] .form-end button").last());
    await story.open(page, "/today");
    assert((await lines(page)).some((one) => one.crossing === line.crossing), `${line.name} has gone`);
  });

  await story.step("the half-days that reached the level are corrected to present", async () => {
    for (let turns = line.halfDays - line.level * 2 + 1; turns > 0; turns -= 1) {
      await story.open(page, line.student);
      const cells = await reachedCells(page);
      // The strip marks each level where it was reached, the lowest first.
      const at = [5, 10, 15].indexOf(line.level);
      assert(cells.length > at, `${line.name}'s strip marks ${cells.length} levels`);
      await setMark(page, cells[at], "P");
    }
  });

  await story.step("the student has left Today and is among those moved back below", async () => {
    await story.open(page, "/today");
    assert(!(await lines(page)).some((one) => one.crossing === line.crossing), `${line.name} is still listed`);
    const moved = await unfold(page, "Moved back below");
    assert((await moved.textContent()).includes(line.name), `${line.name} is not among those moved back`);
  });

  await story.step("the student's page shows the crossing struck through, and the response stays", async () => {
    await story.open(page, line.student);
    const struck = page.locator(".event-crossing.is-withdrawn");
    assert(await struck.count() > 0, "no crossing is struck through");
    const response = page.locator(".event-response", { hasText: TYPE });
    assert(await response.count() > 0, "the response has gone");
    assert(await response.locator("xpath=self::*[contains(@class,'is-withdrawn')]").count() === 0, "the response is withdrawn");
  });

  await story.step("the count can be followed down, and the day's movement names the correction", async () => {
    await page.getByRole("link", { name: "How this was counted" }).click();
    const numbers = await page.locator("table.counted td.number b").allTextContents();
    assert(numbers.length > 0 && numbers.every((text, at) => Number(text) === at + 1), `numbered ${numbers.join(" ")}`);
    assert(numbers.length < line.level * 2, `${numbers.length} half-days still make ${line.level} days`);
    await story.open(page, "/movement");
    const down = page.locator("h2", { hasText: "No longer reached" }).locator("xpath=following-sibling::table[1]");
    assert((await down.textContent()).includes(line.name), `${line.name} is not in the day's movement`);
  });

  await story.step("the Ministry is told that the crossing was withdrawn", async () => {
    await sendNow(story, page);
    const more = async () => (await withdrawn(story, ministry, line.level)) > known;
    await until(more, 30, `the Ministry's page counts more than ${known} withdrawn at ${line.level} days`);
  });
}
