// Chromium, with a watch on everything it asks for and complains about.
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
  });
}

/** What no page may do, gathered over the whole run. */
export class Watch {
  constructor(origins) {
    this.origins = origins.map((url) => new URL(url).origin);
    this.problems = [];
  }

  note(problem) {
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }

  over(context) {
    context.on("request", (request) => {
      const url = new URL(request.url());
      const ours = this.origins.includes(url.origin) || url.protocol === "about:";
      if (!ours) this.note(`asked another origin: ${request.url()}`);
    });
    context.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (response.status() >= 500) this.note(`${response.status()} from ${pathname}`);
      const isPart = ["stylesheet", "script", "font", "image"].includes(response.request().resourceType());
      if (isPart && response.status() >= 400) this.note(`${response.status()} for a part of a page: ${pathname}`);
    });
    context.on("page", (page) => {
      page.on("pageerror", (error) => this.note(`script error on ${path(page)}: ${error.message}`));
      page.on("console", (message) => {
        // A refused page is an answer that journeys ask for; Chromium calls it an error.
        const refused = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
        if (message.type() === "error" && !refused) this.note(`console on ${path(page)}: ${message.text()}`);
      });
    });
  }
}

export const path = (page) => {
  const url = new URL(page.url());
  return url.pathname + url.search;
};
