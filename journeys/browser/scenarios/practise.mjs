// A teacher practises in the practice school: a banner on every page, tasks to try, another role, and
// back to the real school, in which nothing was done.
import { assert, equal } from "../lib/story.mjs";
import { choose, lines, submit } from "../lib/pages.mjs";

export default async function journey(story) {
  const page = await story.as("teacher");
  const banner = async () => (await page.locator(".banner").textContent()).trim();

  const real = await story.step("the teacher finds it under Help", async () => {
    await story.open(page, "/students");
    const names = await page.locator("main a[href^='/students/']").allTextContents();
    await story.open(page, "/help");
    await page.locator("main a[href='/practice']").click();
    equal(await page.locator(".form-end .button").count(), 1, "ways in");
    return names.map((name) => name.trim());
  });

  await story.step("every page says that it is the practice school", async () => {
    await submit(page, page.locator(".form-end .button"));
    for (const address of ["/practice", "/my-day", "/today", "/roll", "/students"]) {
      await story.open(page, address);
      assert((await banner()).includes("Practice school"), `${address} has the banner ${await banner()}`);
    }
    const names = await page.locator("main a[href^='/students/']").allTextContents();
    assert(names.length > 0 && !names.some((name) => real.includes(name.trim())), "real students are listed");
  });

  await story.step("what is tried is ticked off", async () => {
    await story.open(page, "/my-day");
    const [line] = await lines(page);
    await story.open(page, line.record);
    await choose(page, "Conversation with whānau", "Initial conversation with whānau");
    await submit(page, page.locator(".form-end .button").first());
    await story.open(page, "/practice");
    equal(await page.locator(".tag-good").count(), 1, "things done");
  });

  await story.step("another role is another person there", async () => {
    const before = await page.locator(".who summary").textContent();
    await page.locator("input[name=role][value=sms_admin]").check();
    await submit(page, page.locator(".form-end .button"));
    assert((await page.locator(".who summary").textContent()) !== before, "it is still the same person");
    await story.open(page, "/descriptions");
    assert(await page.locator("form[action='/descriptions']").count() > 0, "an administrator cannot edit");
  });

  await story.step("leaving leads back to the real school", async () => {
    await submit(page, page.locator(".banner form button"));
    await story.open(page, "/students");
    assert(!(await banner()).includes("Practice school"), "the banner is still there");
    const names = await page.locator("main a[href^='/students/']").allTextContents();
    equal(names.map((name) => name.trim()).join(), real.join(), "students");
  });

  await story.step("signing out while practising ends both", async () => {
    await story.open(page, "/practice");
    await submit(page, page.locator(".form-end .button"));
    const cookies = await page.context().cookies(story.school);
    await page.locator(".who summary").click();
    await submit(page, page.locator(".who-menu form button"));
    // Whoever kept the cookies is not let in with them.
    await page.context().addCookies(cookies);
    await story.open(page, "/my-day");
    assert(new URL(page.url()).pathname === "/sign-in", `${page.url()} is open without a session`);
  });
}
