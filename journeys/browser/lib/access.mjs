// The accessibility scan: axe-core on the page as it stands, at two widths, light and dark.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RULES = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
  rules: { "target-size": { enabled: true } },
};

const LOOKS = [
  { width: 1280, height: 900, scheme: "light" },
  { width: 1280, height: 900, scheme: "dark" },
  { width: 320, height: 800, scheme: "light" },
  { width: 320, height: 800, scheme: "dark" },
];

// A colour on its way from one scheme to the other is neither.
const settled = async () => {
  await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
};

/** Problems of the page in each look; a picture of each is left in `shots`. */
export async function scan(page, label, shots) {
  const problems = [];
  // Folded parts are part of the page.
  await page.evaluate(() => document.querySelectorAll("main details").forEach((fold) => { fold.open = true; }));
  if (!await page.evaluate(() => "axe" in window)) await page.evaluate(axe);
  for (const { width, height, scheme } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    await page.evaluate(settled);
    const look = `${width} px, ${scheme}`;
    const found = await page.evaluate((rules) => window.axe.run(document, rules), RULES);
    for (const violation of found.violations) {
      const nodes = violation.nodes.map((node) => `    ${node.target.join(" ")} — ${node.failureSummary.replace(/\s+/g, " ")}`);
      problems.push(`${label} (${look}): ${violation.id}: ${violation.help}\n${nodes.slice(0, 4).join("\n")}`);
    }
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (width === 320 && over > 0) {
      const widest = await page.evaluate(() => [...document.querySelectorAll("body *")]
        // Parts that scroll by themselves or are only heard, a stacked table's head among them, do not widen a page.
        .filter((node) => !node.closest(".scroll, .unseen, dialog, .table-stack thead"))
        .filter((node) => node.getBoundingClientRect().right > document.documentElement.clientWidth)
        .slice(-3).map((node) => `${node.localName}${node.className ? `.${node.className}` : ""} “${node.textContent.trim().slice(0, 40)}”`));
      problems.push(`${label} (${look}): scrolls sideways by ${over} px: ${widest.join(", ")}`);
    }
    if (scheme === "light" || width > 320) {
      const name = label.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "");
      await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  return problems;
}
