// A school begins a period register: the timetable comes in as a file, the office takes the roll of the
// period under way, and the periods nobody marked are on the list of missing rolls.
import { assert } from "../lib/story.mjs";

const PERIODS = [["1", "08:50", 60], ["2", "09:55", 60], ["3", "11:15", 60], ["4", "13:05", 55], ["5", "14:05", 55]];
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"];

function timetable() {
  const rows = DAYS.flatMap((day) => PERIODS.map((period) => `10RI,${day},${period.join(",")}`));
  return `group,weekday,period,start,minutes\n${rows.join("\n")}\n`;
}

export default async function takeAPeriodRoll(story) {
  const admin = await story.as("sms_admin");
  await story.step("the timetable comes in as a file", async () => {
    await story.open(admin, "/school/imports");
    await admin.setInputFiles("input[type=file]", { name: "timetable.csv", mimeType: "text/csv", buffer: Buffer.from(timetable()) });
    await admin.locator("main form[action='/school/imports'] .button").click();
    await admin.locator("main form:has(input[name=expected]) .button").click();
    await admin.getByText("25", { exact: false }).first().waitFor();
  });

  const office = await story.as("office");
  await story.step("the roll that is shown is that of the period under way", async () => {
    await story.open(office, "/roll/10RI");
    const current = await office.locator("nav.tabs a[aria-current=page]").innerText();
    assert(current === "Period 2", `the roll is of ${current}`);
    const lead = await office.locator("main .lead").innerText();
    assert(lead.includes("from 9.55 am, 60 minutes"), lead);
  });
  await story.step("the roll of the period is saved", async () => {
    await office.locator(".roll-row").first().locator("label.code", { hasText: "?" }).click();
    await office.getByRole("button", { name: "Save the roll" }).click();
    await office.locator(".roll-saved", { hasText: "Saved" }).waitFor();
    const current = await office.locator("nav.tabs a[aria-current=page]").innerText();
    assert(current === "Period 2", `after saving, the roll is of ${current}`);
  });
  await story.step("the list of rolls says how far each period has come", async () => {
    await story.open(office, "/roll");
    const row = await office.locator("main tbody tr", { hasText: "10RI" }).innerText();
    assert(/1\s+Not taken/.test(row) && /2\s+Taken/.test(row), row);
  });
  await story.step("a period nobody marked is a missing roll, and one still to come is not", async () => {
    const leader = await story.as("leader");
    await story.open(leader, "/missing-rolls");
    const own = leader.locator("main tbody tr", { hasText: "10RI" });
    const text = (await own.allInnerTexts()).join("\n");
    assert(text.includes("Period 1") && !text.includes("Period 2") && !text.includes("Period 4"), text);
    await own.filter({ hasText: "Period 1" }).getByRole("link").first().click();
    await leader.locator("nav.tabs a[aria-current=page]", { hasText: "Period 1" }).waitFor();
  });
}
