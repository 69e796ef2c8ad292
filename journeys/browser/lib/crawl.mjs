// Every page that a person can get to by links, one of each kind.

/** The kind of an address: ids left out, names of query values kept. */
export function kind(url) {
  const path = url.pathname
    .replace(/^\/students\/[^/]+/, "/students/{id}")
    .replace(/^\/roll\/[^/]+/, "/roll/{group}")
    .replace(/^\/responses\/[^/]+/, "/responses/{id}")
    .replace(/^\/reasons\/[^/]+/, "/reasons/{id}")
    .replace(/^\/letters\/runs\/[^/]+/, "/letters/runs/{id}")
    .replace(/^\/letters\/of\/[^/]+/, "/letters/of/{id}")
    .replace(/^\/letters\/templates\/[^/]+/, "/letters/templates/{name}")
    .replace(/^\/referrals\/[^/]+/, "/referrals/{id}")
    .replace(/^\/school\/people\/of\/[^/]+/, "/school/people/of/{id}")
    .replace(/^\/school\/webhooks\/[^/]+/, "/school/webhooks/{id}")
    .replace(/^\/sharing\/[^/]+\/[^/]+/, "/sharing/{epoch}/{first}")
    .replace(/^\/schools\/[^/]+/, "/schools/{number}");
  // What only says where one came from makes no other page.
  const names = [...new Set(url.searchParams.keys())].filter((name) => !["level", "mine", "back", "term", "step", "response"].includes(name));
  return path + (names.length > 0 ? `?${names.sort().join("&")}` : "");
}

/** Visits one page of each kind from `start` on and calls `visit(page, kind)` there. */
export async function crawl(page, start, visit, { known = new Set(), most = 60 } = {}) {
  const origin = new URL(start).origin;
  const waiting = [start];
  const seen = new Set();
  const asked = new Set();
  while (waiting.length > 0 && seen.size < most) {
    const address = waiting.shift();
    const before = kind(new URL(address));
    if (asked.has(before)) continue;
    asked.add(before);
    const response = await page.goto(address);
    const type = response?.headers()["content-type"] ?? "";
    if (!type.startsWith("text/html")) continue;
    const here = kind(new URL(page.url()));
    asked.add(here);
    if (seen.has(here)) continue;
    seen.add(here);
    const links = await page.locator("a[href]").evaluateAll((all) =>
      all.filter((link) => !link.hasAttribute("download")).map((link) => link.href));
    for (const link of links) {
      const url = new URL(link);
      url.hash = "";
      // A PDF opens a viewer of the browser's own.
      const isPage = !url.pathname.startsWith("/assets/") && !url.pathname.endsWith(".pdf");
      if (url.origin === origin && isPage) waiting.push(url.href);
    }
    if (!known.has(here)) await visit(page, here, response.status());
  }
  return seen;
}
