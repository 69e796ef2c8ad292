// One scenario: its steps, and what the steps of all scenarios need.
import { join } from "node:path";
import { path } from "./browser.mjs";

export class Story {
  constructor({ name, engine, browser, demo, watch, report, shots }) {
    Object.assign(this, { name, engine, browser, demo, watch, report, shots });
    this.pages = [];
    this.school = new URL(demo.school_url).origin;
    this.ministry = new URL(demo.ministry_url).origin;
  }

  /** Runs one step; the first that fails ends the scenario. */
  async step(title, act) {
    const full = `${this.name} on ${this.engine}: ${title}`;
    try {
      const value = await act();
      this.report.ok(full);
      return value;
    } catch (error) {
      const where = [];
      for (const [index, page] of this.pages.entries()) {
        if (page.isClosed()) continue;
        where.push(path(page));
        await page.screenshot({ path: join(this.shots, `failed-${this.name}-${this.engine}-${index}.png`) }).catch(() => {});
      }
      this.report.notOk(full, `${told(error)}\nopen: ${where.join(", ") || "no page"}`);
      throw new Ended();
    }
  }

  /** A fresh browser without a session. */
  async page({ script = true, width = 1280, height = 900 } = {}) {
    const context = await this.browser.newContext({
      javaScriptEnabled: script,
      viewport: { width, height },
      locale: "en-NZ",
      timezoneId: "Pacific/Auckland",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(10_000);
    this.watch.over(context);
    const page = await context.newPage();
    this.pages.push(page);
    return page;
  }

  /** Somebody with this role and, where it can be had, no other. */
  person(role) {
    const found = this.demo.people.find((person) => person.role === role)
      ?? this.demo.people.find((person) => person.role.split(/[;, ]+/).includes(role));
    if (!found) throw new Error(`the demonstration has nobody with the role ${role}`);
    return found;
  }

  async signIn(page, person) {
    await page.goto(`${this.school}/sign-in`);
    await page.locator("main input[type=email], main input[name=email]").first().fill(person.email);
    await page.locator("main input[type=password]").fill(this.demo.password);
    await Promise.all([
      page.waitForURL((url) => !url.pathname.startsWith("/sign-in")),
      page.locator("main form button").first().click(),
    ]);
  }

  async as(role, options) {
    const page = await this.page(options);
    await this.signIn(page, this.person(role));
    return page;
  }

  open(page, address) {
    return page.goto(new URL(address, this.school).href);
  }

  async end() {
    for (const page of this.pages) await page.context().close().catch(() => {});
  }
}

/** What went wrong, and on which line of a scenario. */
function told(error) {
  const at = String(error.stack).split("\n").find((line) => line.includes("/scenarios/"));
  return `${error.message ?? error}${at ? `\n${at.trim().replace(/\(?file:.*\/scenarios/, "(scenarios")}` : ""}`;
}

/** Thrown when a failed step has been reported already. */
export class Ended extends Error {}

export function assert(holds, message) {
  if (!holds) throw new Error(message);
}

export function equal(found, expected, message) {
  if (found !== expected) throw new Error(`${message}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

/** Waits until `ask` answers something true; answers that. */
export async function until(ask, seconds, message) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${message} (waited ${seconds} s)`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Counts every key that is pressed. */
export function keyboard(page) {
  const pressed = [];
  return {
    pressed,
    async press(key) {
      pressed.push(key);
      await page.keyboard.press(key);
    },
  };
}
