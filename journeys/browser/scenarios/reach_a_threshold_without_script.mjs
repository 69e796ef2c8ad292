// Journey 1 with JavaScript off: the same by links and forms.
import { assert, equal, until } from "../lib/story.mjs";
import { choose, lines, submit } from "../lib/pages.mjs";
import { responses, sendNow, wholeMinistry } from "../lib/ministry.mjs";

export default async function journey(story) {
  const page = await story.as("office", { script: false });
  const ministry = await story.page({ script: false });
  const known = await responses(story, ministry);

  const before = await story.step("Today lists students who reached a level", async () => {
    await story.open(page, "/today");
    const found = await lines(page);
    assert(found.length > 3, `Today has ${found.length} lines`);
    return found;
  });

  await story.step("the form is a page of its own and says what the Ministry will see", async () => {
    await Promise.all([page.waitForNavigation(), page.locator(".row-record").first().click()]);
    const form = page.locator("[data-record-form]");
    equal(await form.count(), 1, "forms");
    assert((await form.locator(".shared-field").textContent()).includes("Ministry"), "the shared field does not say so");
  });

  await story.step("a form without a type comes back with what was typed and the mistake named", async () => {
    const form = page.locator("[data-record-form]");
    await form.locator("textarea[name=note]").fill("kākāpō-91cc in the shed");
    // The browser itself would ask first; a mistake is what the server must answer.
    await form.evaluate((node) => { node.noValidate = true; });
    await submit(page, form.locator(".form-end button").last());
    equal(await page.locator("[data-error-summary]").count(), 1, "error summaries");
    equal(await page.locator("textarea[name=note]").inputValue(), "kākāpō-91cc in the shed", "the note");
  });

  await story.step("the response is saved and the line is gone", async () => {
    await choose(page, "Conversation with whānau", "Initial conversation with whānau");
    await submit(page, page.locator("[data-record-form] .form-end button").last());
    await story.open(page, "/today");
    const after = await lines(page);
    equal(after.length, before.length - 1, "lines");
    assert(!after.some((line) => line.crossing === before[0].crossing), `${before[0].name} is still listed`);
  });

  await story.step("several students are answered at once", async () => {
    const boxes = page.locator("[data-row] input[name=c]");
    const chosen = [await boxes.nth(0).inputValue(), await boxes.nth(1).inputValue()];
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await submit(page, page.locator("form[data-bulk] button").first());
    await choose(page, "Sent written communication", "Sent notification to whānau");
    await submit(page, page.locator("[data-record-form] .form-end button").last());
    await story.open(page, "/today");
    const after = await lines(page);
    assert(!after.some((line) => chosen.includes(line.crossing)), "a selected student is still listed");
  });

  await story.step("the Ministry knows all three, and not the note", async () => {
    await sendNow(story, page);
    await until(async () => (await responses(story, ministry)) >= known + 3, 30, `the Ministry knows more than ${known} responses`);
    assert(!(await wholeMinistry(story, ministry)).includes("91cc"), "a note reached the Ministry's pages");
  });
}
