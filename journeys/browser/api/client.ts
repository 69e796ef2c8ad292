// A program of another vendor, typed by the document and by nothing else: if a member, a parameter or an
// address is not in docs/api/v1.openapi.json, this does not compile; if the server answers otherwise than
// the document says, it does not pass.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/v1.js";

type Problem = components["schemas"]["Problem"];
type Response = components["schemas"]["Response"];
type Student = components["schemas"]["Student"];

export interface Access {
  base: string;
  id: string;
  secret: string;
}

function holds(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** A client with a token of its own. */
async function connected({ base, id, secret }: Access) {
  const asking = createClient<paths>({ baseUrl: base });
  const { data, error } = await asking.POST("/api/v1/token", {
    body: { grant_type: "client_credentials", client_id: id, client_secret: secret },
    bodySerializer: (body) => new URLSearchParams(body as Record<string, string>),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  if (!data) throw new Error(`no token: ${JSON.stringify(error)}`);
  holds(data.expires_in >= 15 * 60 && data.expires_in <= 60 * 60, `a token for ${data.expires_in} s`);
  const headers = { authorization: `${data.token_type} ${data.access_token}` };
  return createClient<paths>({ baseUrl: base, headers });
}

type Client = Awaited<ReturnType<typeof connected>>;

/** Every student, page by page, by the cursor of `next`. */
async function everybody(client: Client): Promise<Student[]> {
  const found: Student[] = [];
  let cursor: string | undefined;
  do {
    const { data, error } = await client.GET("/api/v1/students", { params: { query: { limit: 37, cursor } } });
    if (!data) throw new Error(`students: ${JSON.stringify(error)}`);
    found.push(...data.data);
    cursor = data.next ? new URL(data.next, "http://school").searchParams.get("cursor") ?? undefined : undefined;
  } while (cursor);
  return found;
}

/** Reads the roll, records a response for who owes one, revises it, is too late once, and withdraws it. */
export async function work(access: Access): Promise<string[]> {
  const client = await connected(access);
  const done: string[] = [];

  const me = await client.GET("/api/v1/me");
  if (!me.data) throw new Error(`me: ${JSON.stringify(me.error)}`);
  holds(me.data.client_id === access.id, "another program");
  done.push(`${me.data.client_name} asks ${me.data.school_name}`);

  const students = await everybody(client);
  holds(new Set(students.map((student) => student.student_id)).size === students.length, "a student twice");
  done.push(`${students.length} students`);

  const tasks = await client.GET("/api/v1/tasks", { params: { query: { limit: 5 } } });
  const task = tasks.data?.data.find((one) => one.threshold_days !== null);
  if (!task) throw new Error("nobody owes anything");
  const tallies = await client.GET("/api/v1/tallies", { params: { query: { student_id: task.student_id } } });
  const tally = tallies.data?.data[0];
  holds(tally !== undefined && tally.days_absent === tally.absent_half_days / 2, "a tally that does not add up");
  const crossings = await client.GET("/api/v1/crossings", { params: { query: { student_id: task.student_id } } });
  holds(crossings.data?.data.some((one) => one.threshold_days === task.threshold_days) ?? false, "no crossing");
  done.push(`${task.does} for ${task.student_id}`);

  const key = `typed-${me.data.today}`;
  const record = () => client.POST("/api/v1/responses", {
    params: { header: { "Idempotency-Key": key } },
    body: {
      student_id: task.student_id,
      threshold_days: task.threshold_days,
      step: task.step,
      type: "conversation_with_whanau",
      description: "",
      done_at: me.data.token_ends_at.replace(/T.*/, "T00:05:00+13:00"),
      note: "",
    },
  });
  const recorded = await record();
  if (!recorded.data) throw new Error(`record: ${JSON.stringify(recorded.error)}`);
  const again = await record();
  holds(again.data?.response_id === recorded.data.response_id, "recorded twice");
  done.push("recorded once, though it was sent twice");

  const path = { response_id: recorded.data.response_id };
  const first = recorded.response.headers.get("etag") ?? "";
  const revise = (seen: string) => client.PUT("/api/v1/responses/{response_id}", {
    params: { path, header: { "If-Match": seen } },
    body: { type: "other", description: "", done_at: recorded.data.done_at, note: "" },
  });
  const revised = await revise(first);
  const now: Response | undefined = revised.data;
  holds(now?.version === 2 && now.type === "other", `revised: ${JSON.stringify(revised.error)}`);
  const late = await revise(first);
  const problem: Problem | undefined = late.error;
  holds(late.response.status === 412 && problem?.type.endsWith(":precondition") === true, "not told that it is late");
  done.push("revised, and the second who saw the same version was told");

  const withdrawn = await client.POST("/api/v1/responses/{response_id}/withdraw", {
    params: { path, header: { "If-Match": revised.response.headers.get("etag") ?? "" } },
    body: { note: "" },
  });
  holds(withdrawn.data?.state === "withdrawn", "not withdrawn");

  const unchanged = await client.GET("/api/v1/response-types", {});
  const tag = unchanged.response.headers.get("etag") ?? "";
  const same = await client.GET("/api/v1/response-types", { headers: { "if-none-match": tag } });
  holds(same.response.status === 304, "sent again though nothing changed");
  done.push("withdrawn; what has not changed was not sent again");

  const refused = await client.GET("/api/v1/exports/{kind}", {
    params: { path: { kind: "tallies" }, query: { term: task.term } },
  });
  holds(refused.response.status === 403, "an export without its scope");
  return done;
}
