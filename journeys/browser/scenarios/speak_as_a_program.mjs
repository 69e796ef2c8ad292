// An SMS administrator gives a program access; a client that is typed by the document works with it; the
// administrator sees that and ends it.
import { deepStrictEqual } from "node:assert";
import { submit } from "../lib/pages.mjs";
import { assert, equal } from "../lib/story.mjs";
import { committed, typedClient } from "../lib/typed.mjs";

const SCOPES = ["students:read", "tallies:read", "crossings:read", "responses:read", "responses:write"];

export default async function journey(story) {
  const admin = await story.as("sms_admin");

  const access = await story.step("the administrator gives a program access, with as little as it needs", async () => {
    await story.open(admin, "/school/api");
    await admin.locator("#name").fill("Tūī typed client");
    for (const scope of SCOPES) await admin.locator(`input[name=scope][value='${scope}']`).check();
    await submit(admin, admin.locator("form[action='/school/api'] button"));
    const [id, secret] = await admin.locator("pre.bytes").allTextContents();
    assert(id.startsWith("sbc_") && secret.startsWith("sbs_"), "id and secret are not shown");
    return { base: story.school, id: id.trim(), secret: secret.trim() };
  });

  await story.step("the document that is served is the one that is committed", async () => {
    const served = await fetch(`${story.school}/api/v1/openapi.json`);
    deepStrictEqual(await served.json(), committed());
  });

  const { work } = await story.step("a client is typed by the document", typedClient);

  await story.step("and works with the school", async () => {
    const done = await work(access);
    equal(done.length, 6, `what it did: ${done.join("; ")}`);
  });

  await story.step("the administrator sees that it was used, and ends it", async () => {
    await story.open(admin, "/school/api");
    const line = admin.locator("tbody tr", { hasText: "Tūī typed client" }).first();
    assert(!(await line.textContent()).includes("Not yet"), "no use is shown");
    await submit(admin, line.locator("form button"));
    let refused = "";
    try {
      await work(access);
    } catch (error) {
      refused = error.message;
    }
    assert(refused.includes("invalid_client"), `after its end: ${refused || "it went on"}`);
  });
}
