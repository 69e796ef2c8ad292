// Other people's pages are refused, and a session that ended loses nothing without saying so.
import { assert, equal } from "../lib/story.mjs";
import { choose, lines } from "../lib/pages.mjs";

const heading = async (page) => (await page.locator("h1").first().textContent()).trim();

export default async function journey(story) {
  await story.step("nobody signed in is led to the sign-in page, and back afterwards", async () => {
    const page = await story.page();
    await story.open(page, "/students");
    assert(new URL(page.url()).pathname === "/sign-in", page.url());
    await page.locator("main input[type=email], main input[name=email]").first().fill(story.person("office").email);
    await page.locator("main input[type=password]").fill(story.demo.password);
    await Promise.all([page.waitForURL(/\/students/), page.locator("main form button").first().click()]);
  });

  await story.step("a wrong password is told, without saying which part was wrong", async () => {
    const page = await story.page();
    const answers = [];
    for (const email of [story.person("office").email, "nobody@example.school.nz"]) {
      await story.open(page, "/sign-in");
      await page.locator("main input[type=email], main input[name=email]").first().fill(email);
      await page.locator("main input[type=password]").fill("a wrong password that is long");
      await Promise.all([page.waitForNavigation(), page.locator("main form button").first().click()]);
      answers.push((await page.locator("[data-error-summary], .notice-error").first().textContent()).trim());
    }
    equal(answers[0], answers[1], "what is said of a known and an unknown address");
  });

  await story.step("a teacher is refused the pages of an administrator", async () => {
    const page = await story.as("teacher");
    for (const address of ["/school/people", "/school/imports", "/school/calendar"]) {
      const response = await story.open(page, address);
      equal(response.status(), 403, address);
      assert((await heading(page)).length > 3, `${address} says nothing`);
    }
  });

  await story.step("an administrator sees no student", async () => {
    const page = await story.as("sms_admin");
    const response = await story.open(page, "/students");
    equal(response.status(), 403, "/students");
    await story.open(page, "/today");
    equal(await page.locator("[data-row]").count(), 0, "lines on Today");
  });

  await story.step("a student out of reach looks like one who does not exist", async () => {
    const office = await story.as("office");
    await story.open(office, "/today");
    const all = await lines(office);
    const teacher = await story.as("teacher");
    const answers = [];
    for (const line of all) {
      const response = await story.open(teacher, line.student);
      if (response.status() !== 200) answers.push([response.status(), await heading(teacher)].join(" "));
    }
    assert(answers.length > 0, "the teacher reaches every student on Today");
    const none = await story.open(teacher, "/students/there-is-none");
    const expected = [none.status(), await heading(teacher)].join(" ");
    assert(answers.every((answer) => answer === expected), `${answers[0]} differs from ${expected}`);
  });

  await story.step("a form sent after the session ended says plainly that it was not saved", async () => {
    const page = await story.as("office");
    await story.open(page, "/today");
    const [line] = await lines(page);
    await story.open(page, line.record);
    await choose(page, "Other");
    const second = await page.context().newPage();
    await story.open(second, "/today");
    await second.locator("details.who > summary").click();
    await Promise.all([second.waitForNavigation(), second.locator("form[action='/sign-out'] button").click()]);
    await Promise.all([page.waitForNavigation(), page.locator("[data-record-form] .form-end button").last().click()]);
    const text = await page.locator("main").textContent();
    assert(/sign(ed)? (in|out)/i.test(text) && /not (been )?saved|nothing was saved/i.test(text), text.trim().slice(0, 300));
  });
}
