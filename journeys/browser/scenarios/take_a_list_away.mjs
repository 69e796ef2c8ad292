// Today and Students are taken away as files, which hold what the page shows; leaders see that they were.
import { readFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import { assert, equal } from "../lib/story.mjs";
import { lines } from "../lib/pages.mjs";

/** Presses a link at the foot of a list, and reads what comes. */
async function take(page, name) {
  const links = page.locator("main > .downloads, main > * > .downloads").first();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    links.locator("a", { hasText: new RegExp(`^${name}`) }).click(),
  ]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes };
}

/** The texts of a workbook's parts, by their names: a ZIP file's directory stands at its end. */
function unzip(bytes) {
  const parts = {};
  let end = bytes.length - 22;
  while (bytes.readUInt32LE(end) !== 0x06054b50) end -= 1;
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, length] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)];
    const skip = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const name = bytes.toString("utf8", at + 46, at + 46 + length);
    const from = bytes.readUInt32LE(at + 42);
    const data = from + 30 + bytes.readUInt16LE(from + 26) + bytes.readUInt16LE(from + 28);
    const body = bytes.subarray(data, data + packed);
    parts[name] = (bytes.readUInt16LE(at + 10) === 0 ? body : inflateRawSync(body)).toString("utf8");
    at += 46 + length + skip;
  }
  return parts;
}

function rowsOfCsv(bytes) {
  return bytes.toString("utf8").trimEnd().split("\n").length - 1;
}

export default async function journey(story) {
  const office = await story.as("office");
  const leader = await story.as("leader");

  for (const [path, list] of [["/today", "today"], ["/students", "students"]]) {
    await story.step(`${list} is taken as CSV, as a workbook and as JSON, with the rows of the page`, async () => {
      await story.open(office, path);
      const shown = path === "/today"
        ? (await lines(office)).map((line) => line.name)
        : await office.locator("main tbody tr td:first-child a").allTextContents();
      assert(shown.length > 10, `${shown.length} lines`);
      const lead = await office.locator("main .downloads").first().textContent();
      assert(lead.includes(`Download ${shown.length} rows as`), lead);
      const csv = await take(office, "CSV");
      assert(/^starboard-[a-z-]+-\d{4}-\d\d-\d\d\.csv$/.test(csv.name), csv.name);
      equal(rowsOfCsv(csv.bytes), shown.length, "rows of the CSV file");
      const json = await take(office, "JSON");
      const told = JSON.parse(json.bytes.toString("utf8"));
      equal(told.list, list, "the list");
      equal(told.rows.length, shown.length, "rows of the JSON file");
      for (const [at, name] of shown.entries()) {
        assert(name.trim().includes(told.rows[at].student), `row ${at}: ${name} and ${told.rows[at].student}`);
      }
      const excel = await take(office, "Excel");
      const parts = unzip(excel.bytes);
      const sheet = parts["xl/worksheets/sheet1.xml"];
      equal(sheet.split("<row ").length - 2, shown.length, "rows of the workbook");
      assert(!Object.values(parts).some((xml) => xml.includes("<f>")), "a formula is in the workbook");
      assert(parts["xl/sharedStrings.xml"].includes(told.rows[0].student), "the first student is not in the workbook");
      assert(parts["xl/workbook.xml"].includes("About this file"), "nothing says what the file is");
    });
  }

  await story.step("leaders see who took what, and no name of a student", async () => {
    await story.open(leader, "/school/exports");
    const page = await leader.locator("main").textContent();
    for (const said of ["Students", "Today", "XLSX", "CSV", "JSON", story.person("office").name]) {
      assert(page.includes(said), `${said} is not on the page`);
    }
    const students = await office.locator("main tbody tr td:first-child a").allTextContents();
    for (const name of students) assert(!page.includes(name.trim()), `${name} is on the page`);
  });

  await story.step("the links are there on a phone too, large enough to touch", async () => {
    const phone = await story.as("office", { width: 320, height: 800, script: false });
    await story.open(phone, "/students?q=a");
    const foot = phone.locator("main .downloads").first();
    await foot.scrollIntoViewIfNeeded();
    for (const box of await foot.locator("a").evaluateAll((all) => all.map((link) => link.getBoundingClientRect().toJSON()))) {
      assert(box.height >= 24 && box.width >= 24, `${box.width} by ${box.height}`);
    }
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    assert(!wide, "the page scrolls sideways");
  });
}
