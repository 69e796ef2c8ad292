// The plan drives the day: a leader's short list, a task given away, a hold, one letter for several
// students taken back in one go, and a colleague who stands in.
import { assert, equal } from "../lib/story.mjs";
import { choose, lines, submit, unfold } from "../lib/pages.mjs";

/** Gives a student's first task to somebody, on the student's page. */
async function give(story, page, student, name) {
  await story.open(page, student);
  await page.locator("#plan .task-give summary").first().click();
  const form = page.locator("#plan form[action$='/task']").first();
  await form.locator("select").selectOption({ label: name });
  await submit(page, form.locator("button"));
  assert((await page.locator("#plan").textContent()).includes(name), `the page does not say that it is ${name}'s`);
}

export default async function journey(story) {
  const leader = await story.as("leader");
  const office = await story.as("office");
  const [boss, colleague] = [story.person("leader").name, story.person("office").name];

  const chosen = await story.step("the office gives two tasks to a leader", async () => {
    await story.open(office, "/today?level=5");
    const found = await lines(office);
    const two = found.filter((line, at) => found.findIndex((other) => other.student === line.student) === at).slice(0, 2);
    equal(two.length, 2, "students at 5 days");
    for (const line of two) await give(story, office, line.student, boss);
    return two;
  });

  await story.step("My day lists what the leader owes and nothing else", async () => {
    await story.open(leader, "/my-day");
    const own = await lines(leader);
    await story.open(leader, "/today");
    const all = await lines(leader);
    assert(chosen.every((line) => own.some((mine) => mine.student === line.student)), "one of the two is missing");
    assert(own.length < all.length, `${own.length} of ${all.length} are the leader's`);
  });

  await story.step("a task is recorded from it, and has gone", async () => {
    await story.open(leader, "/my-day");
    const line = (await lines(leader)).find((mine) => mine.student === chosen[0].student);
    await story.open(leader, line.record);
    equal(await leader.locator(".asks").count(), 1, "sentences of what the plan asks for");
    await choose(leader, "Conversation with whānau", "Initial conversation with whānau");
    await submit(leader, leader.locator(".form-end .button").first());
    await story.open(leader, "/my-day");
    const left = await lines(leader);
    assert(!left.some((mine) => mine.crossing === line.crossing), `${line.name} is still listed`);
  });

  const given = await story.step("the other is given to a colleague, and leaves the list", async () => {
    await give(story, leader, chosen[1].student, colleague);
    await story.open(leader, "/my-day");
    assert(!(await lines(leader)).some((mine) => mine.crossing === chosen[1].crossing), "it is still listed");
    return chosen[1];
  });

  await story.step("it is on the colleague's", async () => {
    await story.open(office, "/my-day");
    const found = await lines(office);
    assert(found.some((line) => line.student === given.student), `${given.name} is not listed`);
  });

  await story.step("a hold stops the steps, and the level stays", async () => {
    await story.open(office, given.student);
    const before = await office.locator(".band").first().textContent();
    await unfold(office, "Hold the steps");
    const form = office.locator("form[action$='/hold']");
    await form.locator("[name=kind]").selectOption("surgery");
    await form.locator("[name=last_day]").fill("2026-12-04");
    await form.locator("[name=why]").fill("planned, whānau told us in October");
    await submit(office, form.locator("button"));
    equal(await office.locator("#plan .task").count(), 0, "tasks under a hold");
    equal(await office.locator(".band").first().textContent(), before, "the band");
    await story.open(office, "/today");
    await unfold(office, "On hold");
    equal(await office.locator("details.fold", { hasText: "On hold" }).locator("tbody tr").count(), 1, "students on hold");
    await story.open(office, given.student);
    await submit(office, office.locator("form[action$='/hold/end'] button"));
  });

  await story.step("one letter is recorded for several students, and taken back in one go", async () => {
    await story.open(office, "/today?level=5");
    const before = await lines(office);
    assert(before.length >= 2, `${before.length} students at 5 days`);
    for (const line of before.slice(0, 2)) await office.locator(`input[name=c][value="${line.crossing}"]`).check();
    await submit(office, office.locator("[data-bulk-button]").first());
    await choose(office, "Sent written communication", "Sent notification to whānau");
    await submit(office, office.locator(".form-end .button").first());
    const response = new URL(office.url()).searchParams.get("response");
    assert(response, "the address does not name what was recorded");
    await story.open(office, "/today?level=5");
    equal((await lines(office)).length, before.length - 2, "lines after");
    await story.open(office, `/responses/${response}`);
    await submit(office, office.locator("form[action$='/undo'] button"));
    await story.open(office, "/today?level=5");
    equal((await lines(office)).length, before.length, "lines once it is taken back");
  });

  await story.step("somebody stands in for the deans, and their tasks follow", async () => {
    await story.open(office, "/plan/people");
    const form = office.locator("form[action='/plan/people']");
    await form.locator("[name=owner]").selectOption("dean");
    await form.locator("[name=staff]").selectOption({ label: story.person("principal").name });
    await submit(office, form.locator("button"));
    const principal = await story.as("principal");
    await story.open(principal, "/my-day");
    const found = await lines(principal);
    assert(found.some((line) => line.level === 10), "nothing of the deans is the principal's");
    await submit(office, office.locator("form[action='/plan/people/end'] button").first());
  });
}
