// What is on Starboard's pages: the few places where journeys take hold of them.

/** The lines of Today: the crossing (`student|term|days`), the name, and the absent half-days. */
export function lines(page) {
  return page.locator("[data-row]").evaluateAll((rows) => rows.map((row) => {
    const days = row.querySelector(".row-band")?.textContent.match(/(\d+(?:\.\d)?) days?/);
    const crossing = row.querySelector("input[name=c]")?.value ?? "";
    return {
      crossing,
      level: Number(crossing.split("|")[2]),
      name: row.querySelector("[data-open]").textContent.trim(),
      student: row.querySelector("[data-open]").getAttribute("href").replace(/\?.*/, ""),
      halfDays: days ? Math.round(Number(days[1]) * 2) : 0,
      record: row.querySelector(".row-record")?.getAttribute("href"),
    };
  }));
}

/** Opens a fold (`details`) by its title, with script or without. */
export async function unfold(page, title) {
  const fold = page.locator("details.fold", { has: page.locator("summary", { hasText: title }) });
  if (await fold.getAttribute("open") === null) await fold.locator("summary").click();
  return fold;
}

/** Saves the form and waits for the page it leads to. */
export async function submit(page, button) {
  await Promise.all([page.waitForNavigation(), button.click()]);
}

/** Sets a half-day to a code by the form that the Student page shows for a chosen cell. */
export async function setMark(page, cell, code) {
  await page.goto(cell);
  const form = page.locator("form[action$='/mark']").first();
  const field = form.locator("[name=code]").first();
  if (await field.evaluate((node) => node.localName) === "select") await field.selectOption(code);
  else await field.fill(code);
  await submit(page, form.locator("button").first());
}

/** The cells of the strip that reached a threshold, as addresses, the earliest first. */
export async function reachedCells(page) {
  const cells = await page.locator("table.strip a.cell-reached").evaluateAll((all) => all.map((cell) => cell.href));
  const when = (address) => new URL(address).searchParams.get("cell");
  return cells.sort((one, other) => when(one).localeCompare(when(other)));
}

/** The figure beside a word in a definition list. */
export async function figure(page, word) {
  const term = page.locator("dl.facts > div", { has: page.locator("dt", { hasText: new RegExp(`^\\s*${word}\\s*$`) }) });
  return (await term.locator("dd").first().textContent()).trim();
}

/** Types and descriptions in the form for a response. */
export async function choose(page, type, description) {
  const block = page.locator("[data-type]", { has: page.locator(".type-choice", { hasText: type }) }).first();
  await block.locator(".type-choice input").check({ force: true });
  if (description) {
    await block.locator(".chip", { hasText: description }).first().locator("input").check({ force: true });
  }
}
