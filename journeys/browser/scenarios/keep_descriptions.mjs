// An SMS administrator adds a description and staff can choose it; one that names a child is refused.
import { assert, equal } from "../lib/story.mjs";
import { lines, submit } from "../lib/pages.mjs";

const WORDING = "Subsidised bus card arranged";
const TYPE = "Used in-school resources to reduce barriers";

async function add(page, wording) {
  const section = page.locator("section", { has: page.locator("h2", { hasText: TYPE }) });
  const fold = section.locator("details", { has: page.locator("form[action='/descriptions']") });
  if (await fold.getAttribute("open") === null) await fold.locator("summary").click();
  await fold.locator("input[name=wording]").fill(wording);
  await submit(page, fold.locator("form button"));
}

export default async function journey(story) {
  const admin = await story.as("sms_admin");
  const office = await story.as("office");

  await story.step("the administrator adds a description", async () => {
    await story.open(admin, "/descriptions");
    await add(admin, WORDING);
    await story.open(admin, "/descriptions");
    assert((await admin.locator("main").textContent()).includes(WORDING), "it is not on the list");
  });

  await story.step("it is offered to the office under its type", async () => {
    await story.open(office, "/today");
    const [line] = await lines(office);
    await story.open(office, line.record);
    const type = office.locator("[data-type]", { has: office.locator(".type-choice", { hasText: TYPE }) });
    equal(await type.locator(".chip", { hasText: WORDING }).count(), 1, "chips with it");
  });

  await story.step("a description with a child's full name is refused, and says why", async () => {
    await story.open(office, "/today");
    const [line] = await lines(office);
    await story.open(office, line.student);
    const name = (await office.locator("h1").first().textContent()).trim();
    await story.open(admin, "/descriptions");
    await add(admin, `Spoke with ${name}`);
    assert(await admin.locator("[data-error-summary], .notice-error, .error").count() > 0, "nothing says that it was refused");
    await story.open(admin, "/descriptions");
    assert(!(await admin.locator("main").textContent()).includes(name), `${name} is on the list`);
  });

  await story.step("nobody else is offered the forms", async () => {
    await story.open(office, "/descriptions");
    equal(await office.locator("main form[action^='/descriptions'][method=post]").count(), 0, "forms for the office");
  });
}
