// An SMS administrator connects KAMAR: a password, the switch, the bell times. KAMAR then pushes over
// loopback, as it would: a check, everybody, marks, pastoral records. The students are there, a day that
// it counts otherwise is listed, and what it says was done is recorded by a person and by nobody else.
import { assert, equal, until } from "../lib/story.mjs";
import { scan } from "../lib/access.mjs";
import { submit } from "../lib/pages.mjs";

const NUMBER = "9998";
const NEW = { id: "99001", first: "Hinemoa", last: "Tipene-Ward" };

/** A push as KAMAR writes it. */
function body(sync, time, rest) {
  return {
    SMSDirectoryData: {
      datetime: Number(`20261123${time}`),
      sync,
      sms: "KAMAR",
      version: 2674,
      schools: [{ index: 1, schoolindex: 1, moeCode: NUMBER, name: "EXAMPLE", type: 30, authoritative: true }],
      ...rest,
    },
  };
}

function records(name, data) {
  return { [name]: { count: data.length, data } };
}

/** The students that the school has, as KAMAR would write them. */
async function everybody(story, page) {
  const list = await page.request.get(`${story.school}/students?as=json`);
  const rows = (await list.json()).rows;
  return rows.map((row) => {
    const [first, ...last] = row.student.split(" ");
    return {
      id: row.student_id, role: "Student", schoolindex: 1, nsn: "", password: "never kept",
      firstname: first, lastname: last.join(" "), yearlevel: Number(row.year_level), tutor: row.group,
    };
  });
}

export default async function journey(story) {
  const admin = await story.as("sms_admin");
  const office = await story.as("office");
  const accessible = async (page, label) => {
    const problems = await scan(page, label, story.shots);
    assert(problems.length === 0, problems.join("\n"));
  };
  const picture = async (page, name) => {
    // Wide enough for the side bar, which is left out: a page with the bar of a phone tells less.
    await page.setViewportSize({ width: 1100, height: 1000 });
    await page.evaluate(() => document.querySelectorAll("main details").forEach((fold) => { fold.open = false; }));
    const { x, y, width, height } = await page.locator("main").boundingBox();
    const clip = { x, y, width, height: Math.min(height, 1000 - y) };
    await page.screenshot({ path: `${story.shots}/guide-${name}.png`, clip });
    await page.setViewportSize({ width: 1280, height: 900 });
  };

  const password = await story.step("the administrator makes a password, which is shown once", async () => {
    await story.open(admin, "/school/kamar");
    await accessible(admin, "kamar not connected");
    await admin.locator("form[action='/school/kamar/password'] input[name=user_name]").fill("starboard");
    await submit(admin, admin.locator("form[action='/school/kamar/password'] button"));
    const shown = (await admin.locator("[data-kamar-password]").textContent()).trim();
    assert(shown.length >= 30, "the password is short");
    await accessible(admin, "kamar password");
    await picture(admin, "kamar-password");
    await story.open(admin, "/school/kamar");
    assert(!(await admin.content()).includes(shown), "the password is shown again");
    return shown;
  });

  const send = async (pushed, user = "starboard", secret = password) => {
    const response = await fetch(`${story.school}/kamar`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`,
      },
      body: JSON.stringify(pushed),
    });
    return { status: response.status, data: (await response.json()).SMSDirectoryData };
  };

  await story.step("nothing is taken before the door is switched on", async () => {
    equal((await send(body("check", "040000", {}))).status, 403, "a push at a closed door");
    await admin.locator("input[name=is_on]").check();
    await submit(admin, admin.locator("form[action='/school/kamar'] button"));
    equal((await send(body("check", "040000", {}), "starboard", "a guess of somebody")).status, 403, "a guess");
    const { status, data } = await send(body("check", "041000", {}));
    equal(status, 200, "the check");
    equal(data.status, "Ready", "what KAMAR reads");
    equal(data.options.students.passwords, false, "whether passwords are asked for");
  });

  await story.step("bell times are entered in the place of those that are assumed", async () => {
    await story.open(admin, "/school/kamar");
    assert(await admin.getByText("only assumed").count() > 0, "nothing says that they are assumed");
    await admin.locator("#start-1").fill("");
    await admin.locator("#minutes-1").fill("");
    await submit(admin, admin.locator("form[action='/school/kamar/slots'] button"));
    equal(await admin.getByText("only assumed").count(), 0, "still assumed");
  });

  await story.step("everybody comes, and a new student is there", async () => {
    const all = await everybody(story, office);
    assert(all.length > 100, `${all.length} students`);
    all.push({ id: NEW.id, role: "Student", schoolindex: 1, nsn: "", firstname: NEW.first, lastname: NEW.last, yearlevel: 9, tutor: all[0].tutor });
    equal((await send(body("full", "050000", records("students", all)))).status, 200, "the push");
    await until(async () => {
      await story.open(office, `/students?q=${NEW.id}`);
      return (await office.locator("main").textContent()).includes(NEW.last);
    }, 20, "the new student is on the list");
  });

  await story.step("marks become half-days, and a day that KAMAR counts otherwise is listed", async () => {
    const days = [
      { date: "20261119", codes: ".PPP.PP.P", alt: ".PPP.PP.P", hdu: 0, hdj: 0, hdp: 2 },
      { date: "20261120", codes: ".MMM.MM.M", alt: ".JJJ.JJ.J", hdu: 0, hdj: 1, hdp: 1 },
    ];
    const sent = records("attendance", [{ id: NEW.id, nsn: "", values: days }]);
    equal((await send(body("attendance", "051000", sent))).status, 200, "the push");
    await until(async () => {
      await story.open(office, "/school/kamar/differences");
      return await office.locator("tbody tr").count() > 0;
    }, 20, "the difference is listed");
    equal(await office.locator("tbody tr").count(), 1, "differences");
    assert((await office.locator("tbody").textContent()).includes(".MMM.MM.M"), "what KAMAR sent is not shown");
    await accessible(office, "kamar differences");
    await picture(office, "kamar-differences");
    await office.locator("tbody a").first().click();
    await office.waitForURL(/\/count\?.*as_of=2026-11-20/);
    assert((await office.locator("main").textContent()).includes("1.0 day") || (await office.locator("main").textContent()).includes("1 day"), "ours is not one day");
  });

  await story.step("what KAMAR says was done waits for a person, and other records are dropped", async () => {
    const record = (type, ref, reason) => ({
      id: NEW.id, nsn: "", type, ref, reason, action1: "Phoned home, spoke with Mum", action2: null, action3: null,
      teacher: "DRG", dateevent: "20261120", timeevent: "151000", datedue: "00000000", duestatus: null,
    });
    const sent = records("pastoral", [record("A", 41, "Away all day"), record("D", 42, "Canary of another kind")]);
    equal((await send(body("pastoral", "052000", sent))).status, 200, "the push");
    await until(async () => {
      await story.open(office, "/today");
      return (await office.locator("main").textContent()).includes("from KAMAR waits");
    }, 20, "Today says that something waits");
    await office.getByRole("link", { name: "Look at them" }).click();
    equal(await office.locator("tbody tr").count(), 1, "records that wait");
    assert(!(await office.content()).includes("Canary"), "a record of another kind was kept");
    await accessible(office, "kamar candidates");
    await picture(office, "kamar-candidates");
  });

  await story.step("the office records it as a response, once", async () => {
    await office.locator("tbody a.button").first().click();
    await office.waitForURL(/\/respond\?/);
    const note = await office.locator("textarea[name=note]").inputValue();
    assert(note.includes("Phoned home"), "KAMAR's words are not offered as a note");
    equal(await office.locator("input[name=type]:checked").count(), 0, "types chosen beforehand");
    await office.locator(".type-choice", { hasText: "Conversation with whānau" }).click();
    await submit(office, office.locator("[data-save-next]"));
    assert(office.url().includes("/respond/candidates"), office.url());
    equal(await office.locator("tbody tr").count(), 0, "records that still wait");
    await story.open(office, `/students/${NEW.id}`);
    assert((await office.locator("main").textContent()).includes("Conversation with whānau"), "it is not recorded");
  });

  await story.step("the page says what came", async () => {
    await story.open(admin, "/school/kamar");
    const text = await admin.locator("main").textContent();
    for (const said of ["Everybody", "Marks", "Pastoral records", "A check"]) assert(text.includes(said), `${said} is missing`);
    await accessible(admin, "kamar connected");
    await picture(admin, "kamar-connected");
    assert(!story.demo.said().includes(password), "the password is in the log");
  });
}
