// What the Ministry's pages say.
import { crawl } from "./crawl.mjs";
import { figure } from "./pages.mjs";
import { until } from "./story.mjs";

/** How many responses the Ministry knows of. */
export async function responses(story, page) {
  await page.goto(`${story.ministry}/`);
  if (await page.locator("dl.facts").count() === 0) return 0;
  return Number((await figure(page, "Responses")).replace(/\D/g, ""));
}

/** How many crossings of a level were withdrawn, once the school has told of the level at all. */
export async function withdrawn(story, page, level) {
  const row = page.locator("section[aria-labelledby=levels] tbody tr", {
    has: page.locator("th", { hasText: new RegExp(`^\\s*${level}\\s+days`) }),
  });
  await until(async () => {
    await page.goto(`${story.ministry}/`);
    return await row.count() > 0;
  }, 30, `the Ministry's page speaks of ${level} days`);
  return Number((await row.locator("td").nth(1).textContent()).replace(/\D/g, ""));
}

/** Asks the school to send now, where the Sharing page offers it. */
export async function sendNow(story, page) {
  await story.open(page, "/sharing");
  const send = page.locator("form[action='/sharing/send'] button").first();
  if (await send.count() > 0) await Promise.all([page.waitForNavigation(), send.click()]);
}

/** The text of every one of its pages. */
export async function wholeMinistry(story, page) {
  let text = "";
  await crawl(page, `${story.ministry}/`, async (here) => { text += await here.content(); });
  return text;
}
