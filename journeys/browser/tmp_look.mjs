import { chromium } from "playwright-core";
const base = "http://127.0.0.1:4555", pass = "kereru-in-the-puriri";
const [,, email, out, width, ...paths] = process.argv;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: Number(width), height: 900 } });
await page.goto(base + "/sign-in");
await page.fill('input[name=email]', email); await page.fill('input[name=password]', pass);
await page.click('button.button');
let n = 0;
for (const p of paths) {
  if (p.startsWith("click:")) { await page.click(p.slice(6)); await page.waitForLoadState(); }
  else if (p.startsWith("eval:")) { console.log(await page.evaluate(p.slice(5))); }
  else await page.goto(base + p);
  await page.screenshot({ path: `/tmp/shots/${out}-${n++}.png`, fullPage: true });
  console.log(page.url());
}
await browser.close();
