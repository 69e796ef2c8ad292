// A letter run as somebody new to it would make it: choose a level, read, drop one, confirm; the
// e-mails and texts leave, the letters are printed and posted, and the responses record themselves.
// Then a mark is corrected, and the message that is no longer right is put right.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { assert, equal, until } from "../lib/story.mjs";
import { lines, setMark, submit } from "../lib/pages.mjs";

const texts = (page, selector) => page.locator(selector).evaluateAll((all) => all.map((one) => one.textContent.trim()));

/** What left into a folder, each file whole. */
function files(folder) {
  return readdirSync(folder).filter((name) => !name.startsWith(".")).map((name) => readFileSync(join(folder, name), "utf8"));
}

export default async function journey(story) {
  const page = await story.as("office");

  const before = await story.step("the letters page says who waits for a response", async () => {
    await story.open(page, "/today?level=5");
    const waiting = await lines(page);
    await story.open(page, "/letters");
    await submit(page, page.locator("a[href='/letters/new?level=5']"));
    return waiting;
  });

  const dropped = await story.step("each message is read before it goes, with its dates and no reason", async () => {
    const rows = page.locator(".letter-row");
    assert(await rows.count() >= 2, `${await rows.count()} messages`);
    const said = await texts(page, ".letter-text");
    for (const message of said.filter((text) => text.includes("These are the dates"))) {
      assert(/- \w+day \d+ \w+, (all day|morning|afternoon)/.test(message), `no date: ${message}`);
      assert(message.includes("if you would like to talk"), `no way to answer: ${message}`);
    }
    const first = rows.first();
    await first.locator("input[name=letter]").uncheck();
    return (await first.locator("b").first().textContent()).trim();
  });

  const run = await story.step("one is dropped, the others are confirmed, once however often it is pressed", async () => {
    const ticked = await page.locator("input[name=letter]:checked").count();
    await submit(page, page.locator("form[action='/letters'] .form-end button"));
    assert(page.url().includes("/letters/runs/"), page.url());
    equal(await page.locator("tbody tr").count(), ticked, "messages of the run");
    assert(!(await page.locator("tbody").textContent()).includes(dropped), `${dropped} is in the run`);
    return page.url();
  });

  await story.step("e-mails and texts leave by themselves and record the response", async () => {
    await until(async () => {
      await page.goto(run);
      return !(await page.locator("tbody").textContent()).includes("waiting");
    }, 60, "messages still wait");
    if (!story.demo.mail) return;
    const mail = files(story.demo.mail).filter((text) => text.includes("attendance this term"));
    const sms = files(story.demo.texts);
    assert(mail.length + sms.length > 0, "nothing left");
    for (const text of sms) assert(!/\d+(\.\d)? days/.test(text), `a text tells a count: ${text}`);
  });

  await story.step("what is on paper is printed from here and noted as posted", async () => {
    await story.open(page, "/letters/new?level=10&by=letter");
    await submit(page, page.locator("form[action='/letters'] .form-end button"));
    const address = page.url().split("?")[0];
    const answer = await page.request.get(`${address}/letters.pdf`);
    if (answer.ok()) equal((await answer.body()).subarray(0, 5).toString(), "%PDF-", "the file");
    await page.goto(`${address}/print`);
    assert(await page.locator("article.paper-letter").count() > 0, "no letter to print");
    await page.pdf({ path: join(story.shots, "letters-printed.pdf") }).catch(() => {});
    await page.goto(address);
    await submit(page, page.locator("form[action$='/posted'] button"));
    equal(await page.locator("form[action$='/posted']").count(), 0, "letters still to post");
  });

  await story.step("the tasks are done but for who was dropped", async () => {
    await story.open(page, "/today?level=5");
    const left = await lines(page);
    assert(left.length < before.length, `${left.length} of ${before.length} are left`);
    assert(left.some((line) => line.name.includes(dropped)), `${dropped} is not listed any more`);
  });

  const wrong = await story.step("a correction of a mark makes a message wrong, and Today says so", async () => {
    await page.goto(run);
    const href = await page.locator("tbody tr a[href^='/students/']").first().getAttribute("href");
    const name = (await page.locator("tbody tr a[href^='/students/']").first().textContent()).trim();
    await story.open(page, href);
    const cell = await page.locator("table.strip a.cell-reached").first().evaluate((cell) => cell.href);
    await setMark(page, cell, "P");
    await story.open(page, "/today");
    const notice = page.locator(".notice a[href='/letters/wrong']");
    await submit(page, notice);
    assert((await page.locator("main").textContent()).includes(name), `${name} is not listed`);
    return name;
  });

  await story.step("the correction is drafted, says what is right, and goes", async () => {
    const all = page.locator("input[name=corrects]");
    for (let at = 0; at < await all.count(); at += 1) {
      const row = page.locator(".letter-row", { has: page.locator(`input[value="${await all.nth(at).getAttribute("value")}"]`) });
      await all.nth(at).setChecked((await row.textContent()).includes(wrong));
    }
    await submit(page, page.locator("button[form=correct]"));
    const said = await page.locator(".letter-text").first().textContent();
    assert(said.includes("was not right, and we are sorry"), said);
    await submit(page, page.locator("form[action='/letters'] .form-end button"));
    await story.open(page, "/letters/wrong");
    assert(!(await page.locator("main").textContent()).includes(wrong), `${wrong} is still listed`);
  });

  await story.step("the student's page and What left tell of both", async () => {
    await page.goto(run);
    await submit(page, page.locator("tbody tr a[href^='/students/']", { hasText: wrong }).first());
    assert(await page.locator(".event-letter").count() >= 2, "messages on the line of time");
    const left = page.locator("a[href$='/left']").first();
    await submit(page, left);
    const told = await page.locator("main").textContent();
    assert(told.includes("First notice") || told.includes("E-mail") || told.includes("Text"), told);
  });
}
