// A teacher takes a roll: one key a student, one save, safe to press twice.
import { assert, equal } from "../lib/story.mjs";
import { submit } from "../lib/pages.mjs";

const save = (page) => submit(page, page.locator("form[data-roll] .roll-bar button"));

const chosen = (page) => page.locator("[data-roll-row]").evaluateAll((rows) =>
  rows.map((row) => row.querySelector("input:checked")?.value ?? ""));

export default async function journey(story) {
  const page = await story.as("teacher");

  await story.step("the teacher's own roll opens from the menu", async () => {
    await story.open(page, "/roll");
    if (await page.locator("[data-roll-row]").count() === 0) {
      await Promise.all([page.waitForNavigation(), page.locator("main a[aria-current=time], main a[href^='/roll/']").first().click()]);
    }
    assert(await page.locator("[data-roll-row]").count() > 3, "the roll has no students");
  });

  await story.step("it shows nothing private", async () => {
    const text = await page.locator("main").textContent();
    assert(!/orange|yellow ▲|\bred\b|\d+(\.\d)? days/i.test(text), "the roll shows a band or days");
  });

  const expected = await story.step("keys set the codes and go on to the next student", async () => {
    const before = await chosen(page);
    await page.locator("[data-roll-row] input").first().focus();
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("u");
    await page.keyboard.press("l");
    await page.keyboard.press("p");
    const after = await chosen(page);
    equal(after.slice(0, 3).join(" "), "? L P", "the first three");
    equal(after.slice(3).join(" "), before.slice(3).join(" "), "the others");
    const said = Number(await page.locator("[data-roll-count='?']").first().textContent());
    equal(said, after.filter((code) => code === "?").length, "the count of ?");
    return after;
  });

  await story.step("it is saved, says so, and is kept", async () => {
    await save(page);
    const said = await page.locator(".roll-saved").textContent();
    assert(/saved/i.test(said) && !/not saved/i.test(said), `the page says ${said}`);
    await page.reload();
    equal((await chosen(page)).join(" "), expected.join(" "), "the roll after loading again");
  });

  await story.step("saving it again changes nothing and is no mistake", async () => {
    await save(page);
    equal(await page.locator("[data-error-summary], .notice-error").count(), 0, "errors");
    equal((await chosen(page)).join(" "), expected.join(" "), "the roll");
  });

  await story.step("two people at once: the second save says what the first did, and loses nothing silently", async () => {
    const other = await story.as("office");
    await other.goto(page.url());
    const row = 4;
    const stands = (await chosen(page))[row];
    const [one, another] = ["P", "L", "?"].filter((code) => code !== stands);
    const pick = (who, code) =>
      who.locator("[data-roll-row]").nth(row).locator(`input[type=radio][value='${code}']`).check({ force: true });
    await pick(page, one);
    await pick(other, another);
    await save(page);
    await save(other);
    const told = ".tag-wait, .notice-attention, .notice-error, [data-error-summary]";
    assert(await other.locator(told).count() > 0, "the second save was silent");
    assert(/not saved/i.test(await other.locator(".roll-saved").textContent()), "it does not say that it was not saved");
  });
}
