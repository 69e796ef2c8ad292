// The office edits a student's house by hand. At night KAMAR pushes another: nothing is overwritten, Today
// says that the two differ, and the office takes the one or keeps the other, and sees where the value
// comes from. Webhooks are made and tried on the way, as another connection.
import { assert, equal, until } from "../lib/story.mjs";
import { scan } from "../lib/access.mjs";
import { submit, unfold } from "../lib/pages.mjs";

const NUMBER = "9998";

export default async function journey(story) {
  const admin = await story.as("sms_admin");
  const office = await story.as("office");
  const looked = async (page, label) => {
    const problems = await scan(page, label, story.shots);
    assert(problems.length === 0, problems.join("\n"));
  };

  const student = await story.step("the office edits a student's house by hand", async () => {
    const list = await office.request.get(`${story.school}/students?as=json`);
    const [row] = (await list.json()).rows;
    await story.open(office, `/students/${row.student_id}/particulars`);
    await looked(office, "particulars");
    await office.locator("#house").fill("Kōwhai");
    await submit(office, office.locator("main form .button"));
    assert((await office.locator(".notice-success").textContent()).includes("Saved"), "nothing says that it is saved");
    const fold = await unfold(office, "Where this comes from");
    const line = fold.locator("tr", { hasText: "House" });
    assert((await line.textContent()).includes(story.person("office").name), "the house is not the office's");
    await looked(office, "where values come from");
    return row;
  });

  await story.step("KAMAR pushes another house, and nothing is overwritten", async () => {
    await story.open(admin, "/school/kamar");
    await admin.locator("form[action='/school/kamar/password'] input[name=user_name]").fill("starboard");
    await submit(admin, admin.locator("form[action='/school/kamar/password'] button"));
    const password = (await admin.locator("[data-kamar-password]").textContent()).trim();
    await story.open(admin, "/school/kamar");
    const on = admin.locator("input[name=is_on]");
    if (!(await on.isChecked())) {
      await on.check();
      await submit(admin, admin.locator("form[action='/school/kamar'] button"));
    }
    const [first, ...last] = student.student.split(" ");
    const data = [{
      id: student.student_id, role: "Student", schoolindex: 1, firstname: first, lastname: last.join(" "),
      yearlevel: Number(student.year_level), tutor: student.group, house: "Rimu",
    }];
    const response = await fetch(`${story.school}/kamar`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Basic ${Buffer.from(`starboard:${password}`).toString("base64")}`,
      },
      body: JSON.stringify({
        SMSDirectoryData: {
          datetime: 20261123060000, sync: "part", sms: "KAMAR", version: 2674,
          schools: [{ index: 1, schoolindex: 1, moeCode: NUMBER, name: "EXAMPLE", type: 30, authoritative: true }],
          students: { count: 1, data },
        },
      }),
    });
    equal(response.status, 200, "the push");
    await until(async () => {
      await story.open(office, "/today");
      return await office.locator("main a[href='/school/conflicts']").count() > 0;
    }, 20, "Today says that something differs");
  });

  await story.step("the office takes what KAMAR says, and sees where it comes from", async () => {
    await office.locator("main a[href='/school/conflicts']").first().click();
    await office.waitForURL(/\/school\/conflicts/);
    const line = office.locator("tr", { hasText: "Rimu" });
    assert((await line.textContent()).includes("Kōwhai"), "what stands is not shown");
    await looked(office, "conflicts");
    await submit(office, line.locator("button[name=take]"));
    equal(await office.locator("tr", { hasText: "Rimu" }).count(), 0, "still open");
    await story.open(office, `/students/${student.student_id}`);
    const fold = await unfold(office, "Where this comes from");
    const house = await fold.locator("tr", { hasText: "House" }).textContent();
    assert(house.includes("Rimu") && house.includes("KAMAR"), house);
  });

  await story.step("a webhook is made, its secret is shown once, and a test event is on its way", async () => {
    await story.open(admin, "/school/webhooks");
    await looked(admin, "webhooks");
    await admin.locator("#address").fill("http://127.0.0.1:9/starboard");
    await submit(admin, admin.locator("main form .button").last());
    const secret = (await admin.locator("pre.bytes").textContent()).trim();
    assert(secret.startsWith("whsec_"), secret);
    await looked(admin, "webhook secret");
    await admin.locator("main a[href^='/school/webhooks/'], a[href^='/school/webhooks/']").first().click();
    await admin.waitForURL(/\/school\/webhooks\/./);
    assert(!(await admin.content()).includes(secret), "the secret is shown again");
    const page = admin.url();
    await submit(admin, admin.locator("form[action$='/test'] button"));
    await until(async () => {
      await admin.goto(page);
      return (await admin.locator("main").textContent()).includes("Nobody listens there");
    }, 20, "what became of the test event");
    await looked(admin, "webhook");
    await unfold(admin, "Change it");
    await submit(admin, admin.locator("form[action$='/end'] button"));
    assert(!story.demo.said().includes(secret), "the secret is in the log");
  });
}
