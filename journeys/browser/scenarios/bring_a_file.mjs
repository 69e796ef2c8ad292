// An export of a made-up system (titles, semicolons, Windows-1252, a column for each half) is dragged in,
// its columns named, its changes reviewed, imported and undone; with script and without.
import { assert, equal } from "../lib/story.mjs";
import { lines, submit } from "../lib/pages.mjs";
import { scan } from "../lib/access.mjs";

/** The school day before today, as New Zealand writes it. */
const DAY = "20/11/2026";

function exported(ids) {
  const rows = ids.map((id, place) => `${id};Ren\u00e9e ${place};${DAY};P;${place === 0 ? "Nowhere" : "Sick"}`);
  const text = ["Te Kura o te Awa;;;;", "Printed 21/11/2026;;;;", "Student ID;Student;Absence Date;AM;PM", ...rows, `Total;${ids.length};;;`];
  return Buffer.from(`${text.join("\r\n")}\r\n`, "latin1");
}

async function studentIds(story, page) {
  await story.open(page, "/today");
  const found = await lines(page);
  return [...new Set(found.map((line) => decodeURIComponent(line.student.split("?")[0].split("/").pop())))].slice(0, 3);
}

async function bring(story, page, ids, name) {
  await story.open(page, "/school/imports");
  await page.locator("main input[name=file]").setInputFiles({ name, mimeType: "text/csv", buffer: exported(ids) });
  await page.locator("main input[name=source]").fill("Awa SMS");
  await submit(page, page.locator("main form[action='/school/imports'] .button").first());
}

/** The same of a system that exports XML: what the absences are beside says nothing of use. */
function events(ids) {
  const one = (id) => `<Absence><Student><StudentID>${id}</StudentID></Student><EventDate>2026-11-20</EventDate><Status>Sick</Status></Absence>`;
  const made = "<Made><By>Awa</By><On>2026-11-21</On></Made>".repeat(ids.length + 1);
  return Buffer.from(`<?xml version="1.0"?>\n<Absences>${made}${ids.map(one).join("\n")}</Absences>`);
}

async function look(story, page, label) {
  const problems = await scan(page, label, story.shots);
  assert(problems.length === 0, problems.join("\n"));
}

export default async function bringAFile(story) {
  const office = await story.as("office");
  const ids = await studentIds(story, office);

  await story.step("the file says how it was read, and what is not known yet", async () => {
    await bring(story, office, ids, "attendance.csv");
    const said = await office.locator("main").innerText();
    for (const words of ["Windows-1252", "line 3", "Nowhere", "not known yet"]) assert(said.includes(words), `${words}: ${said}`);
    await look(story, office, "name the columns");
  });

  await story.step("a word is said to stand for a code, and the first rows follow while it is typed", async () => {
    await office.setViewportSize({ width: 1280, height: 900 });
    const row = office.locator("section[aria-labelledby=words] tr", { hasText: "Nowhere" });
    await row.locator("input[name^=value-]").fill("T");
    await office.locator("[data-live-result]", { hasText: "To mend, or to leave out: 1" }).waitFor();
    await submit(office, office.locator("main button[name=go]"));
  });

  await story.step("the review tells what would change, and the line of totals is left out when asked", async () => {
    assert((await office.locator("main").innerText()).includes("sums up others"), "the totals are not told of");
    await submit(office, office.getByRole("button", { name: "See the good rows alone" }));
    const said = await office.locator("main").innerText();
    assert(said.includes("would change something"), said);
    await look(story, office, "review an import");
  });

  await story.step("it is imported, and undone", async () => {
    await submit(office, office.getByRole("button", { name: "Import", exact: true }));
    assert((await office.locator("main").innerText()).includes("Left out: 1"), "nothing says what was left out");
    await look(story, office, "an import that is done");
    await submit(office, office.getByRole("button", { name: "Undo this import" }));
    assert((await office.locator("main").innerText()).includes("As before again"), "it is not undone");
  });

  const plain = await story.as("office", { script: false });
  await story.step("without script the same is done, and the mapping is remembered", async () => {
    await bring(story, plain, ids, "attendance-2.csv");
    const said = await plain.locator("main").innerText();
    assert(said.includes("Understood as the last file of this system was"), said);
    await plain.locator("main button[name=go]").click();
    await plain.getByRole("button", { name: "See the good rows alone" }).click();
    await plain.getByRole("button", { name: "Import", exact: true }).click();
    assert((await plain.locator("main").innerText()).includes("Left out: 1"), "it did not come in");
  });

  await story.step("the list says what came and what became of it", async () => {
    await story.open(office, "/school/imports");
    const rows = await office.locator("section[aria-labelledby=arrivals] tbody tr").allInnerTexts();
    equal(rows.filter((row) => row.includes("attendance")).length, 2, rows.join("\n"));
    assert(rows.some((row) => row.includes("Undone")), rows.join("\n"));
    await look(story, office, "imports");
  });

  await story.step("of a file of XML it is said which records are the rows", async () => {
    await story.open(office, "/school/imports");
    await office.locator("main input[name=file]").setInputFiles({ name: "absences.xml", mimeType: "text/xml", buffer: events(ids) });
    await office.locator("main input[name=source]").fill("Awa events");
    await submit(office, office.locator("main form[action='/school/imports'] .button").first());
    await office.locator("summary", { hasText: "How the file is read" }).click();
    await office.locator("#sheet").selectOption("Absences/Absence");
    await submit(office, office.getByRole("button", { name: "Show again" }).last());
    const said = await office.locator("main").innerText();
    for (const words of ["a row for each Absences/Absence", "Not read: Absences/Made (4)", "StudentID", "Rows: 3"]) assert(said.includes(words), `${words}: ${said}`);
    await look(story, office, "name the columns of XML");
  });
}
