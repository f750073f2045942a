import { beforeEach, describe, expect, test } from "vitest";
import { createField } from "../../testing/fields.ts";
import { download, imported, importsPath } from "../../testing/files.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";

let client: Client;
beforeEach(async () => {
  client = await registry.client();
});

const errorsOf = async ({ id }: { id: string }) => {
  const file = await download(registry, client, `${importsPath}/${id}/errors.csv`);
  expect(file.status, file.text).toBe(200);
  return { ...file, lines: file.text.split("\r\n").slice(0, -1) };
};

const send = (file: string | Buffer, query: Record<string, string> = {}, type = "text/csv") =>
  imported(registry, client, file, type, query);

const fetched = async (externalId: string) => {
  const { body } = await client.get(`${customers}/${encodeURIComponent(externalId)}`, {
    query: { external: "1" },
  });
  return body.data;
};

describe("the rows of a table that failed", () => {
  test("come with their own columns and what is wrong, and can be imported again", async () => {
    const file = [
      "external_id;E-mail;First name",
      "K-1;a@example.com;Ada",
      "K-2;nobody;Grace",
      "K-3;b@example.com;Joan",
    ];
    const job = await send(file.join("\n"), { file_name: "people.2026.csv" });
    expect(job).toMatchObject({ created: 2, failed: 1 });
    const errors = await errorsOf(job);
    expect(errors.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(errors.headers["content-disposition"]).toContain("people.2026-errors.csv");
    expect(errors.bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(errors.lines).toEqual([
      "external_id,E-mail,First name,import_line,import_field,import_code,import_message",
      "K-2,nobody,Grace,3,E-mail,FIELD_VALUE_INVALID,is not an e-mail address",
    ]);

    const again = await send(errors.bytes);
    expect(again).toMatchObject({ phase: "completed", created: 0, failed: 1 });
    // The report of the report has no second report in it.
    expect((await errorsOf(again)).lines).toEqual([errors.lines[0], errors.lines[1]!.replace(",3,", ",2,")]);
    const corrected = await send(errors.text.replace("nobody", "grace@example.com"));
    expect(corrected).toMatchObject({ phase: "completed", created: 1, failed: 0 });
    expect(await fetched("K-2")).toMatchObject({ email: "grace@example.com", firstName: "Grace" });
  });

  test("have one line each, with all of their errors", async () => {
    const job = await send("external_id,E-mail,Mobile phone\nimport,nobody,0\n");
    const [, line] = (await errorsOf(job)).lines;
    expect(line).toMatch(
      /^import,nobody,0,2,"Mobile phone; external_id; E-mail","[A-Z_]+; [A-Z_]+; [A-Z_]+",/,
    );
  });

  test("keep cells without a heading, columns of one name or none, and what is written like a formula", async () => {
    await createField(client, { label: "=Sum" });
    const file = [
      "external_id,Name,Name,,=Sum",
      "K-1,Ada,x,y,=1+1",
      "K-2,Grace,x",
      "K-3,Joan,x,y,'=1+1,=2,extra",
      "K-4,Mary,x,y,''=1+1,,,",
    ].join("\n");
    const mapping = JSON.stringify({ "#2": "firstName", "#3": null, "#4": null });
    const query = { mapping, mode: "update" };
    const job = await send(file, query);
    expect(job).toMatchObject({ failed: 4 });
    const { bytes, lines } = await errorsOf(job);
    expect(lines[0]).toBe("external_id,Name,Name,,'=Sum,import_line,import_field,import_code,import_message");
    const report = "CUSTOMER_UNKNOWN";
    expect(lines[1]).toMatch(new RegExp(`^K-1,Ada,x,y,'=1\\+1,2,,${report},`));
    expect(lines[2]).toMatch(new RegExp(`^K-2,Grace,x,,,3,,${report},`));
    expect(lines[3]).toMatch(/^K-3,Joan,x,y,'=1\+1,4,,"REQUEST_INVALID; CUSTOMER_UNKNOWN",.*,'=2,extra$/);
    expect(lines[4]).toMatch(new RegExp(`^K-4,Mary,x,y,''=1\\+1,5,,${report},[^,]*,,,?$`));

    const again = await send(bytes, { mapping });
    expect(again).toMatchObject({ created: 3, failed: 1 });
    const sums = (externalId: string) =>
      fetched(externalId).then(
        (value) => value.fields.find(({ label }: { label: string }) => label === "=Sum")?.value,
      );
    expect(await sums("K-1")).toBe("=1+1");
    expect(await sums("K-4")).toBe("'=1+1");
    const { text } = await errorsOf(again);
    expect(await send(text.replace(",'=2,extra", ""), { mapping })).toMatchObject({ created: 1, failed: 0 });
    expect(await sums("K-3")).toBe("=1+1");
  });

  test("are UTF-8 with commas, whatever the file was", async () => {
    const job = await send(Buffer.from("external_id\tE-mail\tNachname\nK-1\tjürgen\tMüller\n", "latin1"));
    expect(job).toMatchObject({ failed: 1, file: { encoding: "windows-1252" } });
    const { text } = await errorsOf(job);
    expect(text).toContain("K-1,jürgen,Müller,2,E-mail");
    expect(await send(text.replace("jürgen", "j@example.com"))).toMatchObject({ created: 1 });
    expect(await fetched("K-1")).toMatchObject({ lastName: "Müller" });
  });

  test("of a dry run are those that would fail", async () => {
    const job = await send("external_id,E-mail\nK-1,a@example.com\nK-2,nobody\n", { dry_run: "1" });
    expect((await errorsOf(job)).lines.slice(1)).toEqual([
      "K-2,nobody,3,E-mail,FIELD_VALUE_INVALID,is not an e-mail address",
    ]);
  });

  test("are found wherever in the file they are", async () => {
    const rows = Array.from(
      { length: 6_000 },
      (_, at) => `K-${at},${at % 2_999 === 1 ? "nobody" : "a@example.com"}`,
    );
    const job = await send(`external_id,E-mail\n${rows.join("\n")}\n`);
    expect(job).toMatchObject({ created: 5_997, failed: 3 });
    const { lines } = await errorsOf(job);
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(["K-1", "K-3000", "K-5999"]);
  });

  test("are none of an import without errors", async () => {
    const job = await send("external_id,E-mail\nK-1,a@example.com\n");
    expect((await errorsOf(job)).lines).toEqual([
      "external_id,E-mail,import_line,import_field,import_code,import_message",
    ]);
  });
});

describe("the rows of JSON that failed", () => {
  test("come as a table, with what they were, and can be imported again", async () => {
    const { body } = await client.post("/v1/customer-tags", { name: "vip" });
    const tagId = body.data.id as string;
    const choice = await createField(client, {
      label: "Some",
      type: "MULTI_SELECT",
      select_options: ["a;b", "c"],
    });
    const records = [
      { external_id: "K-1", values: { email: "nobody", firstName: "=Ada" }, tag_ids: [tagId] },
      { external_id: "K-2", customfields: [{ id: choice.id, values: ["a;b", "c"] }], colour: { deep: [1] } },
      { external_id: "K-3", values: { Nobody: "x", birthday: null }, booker_id: "b" },
    ];
    const file = [
      ...records.map((record) => JSON.stringify(record)),
      '{"external_id": "K-4"',
      '{"external_id": "K-5"}',
    ];
    const job = await send(file.join("\n"), {}, "application/x-ndjson");
    expect(job).toMatchObject({ created: 1, failed: 4 });
    const errors = await errorsOf(job);
    expect(errors.lines[0]).toMatch(
      /^id,external_id,import_customer_id,booker_id,tag_ids,Salutation,.*,Some,import_line,import_field,import_code,import_message,import_record$/,
    );
    expect(errors.lines[1]).toContain(`,K-1,,,${tagId},,'=Ada,,,nobody,`);
    expect(errors.lines[2]).toContain(
      'colour,ATTRIBUTE_UNKNOWN,is not a known attribute,"{""colour"":{""deep"":[1]}',
    );
    expect(errors.lines[4]).toMatch(/^,+4,,JSON_INVALID,/);

    // What could not be read says nothing, and makes nobody.
    const corrected = await send(errors.text.replace("nobody", "a@example.com"));
    expect(corrected).toMatchObject({ phase: "completed", problem: null, created: 3, failed: 1 });
    expect(await fetched("K-1")).toMatchObject({ firstName: "=Ada", tags: [{ name: "vip" }] });
    expect((await fetched("K-2")).fields).toMatchObject([{ label: "Some", values: ["a;b", "c"] }]);
  });
});

test("an undo tells of the customers that stay", async () => {
  const job = await send("external_id,First name\nK-1,Ada\nK-2,Grace\n");
  const { id } = await fetched("K-1");
  await client.patch(`${customers}/${id}`, { customfields: [{ id: "email", value: "a@example.com" }] });
  const { body } = await client.post(`${importsPath}/${job.id}/undo`, {});
  await registry.work();
  expect((await errorsOf(body.data)).lines).toEqual([
    "id,import_line,import_field,import_code,import_message",
    `${id},2,,CUSTOMER_CHANGED_SINCE,has been changed since`,
  ]);
});

test("an import of another enterprise is like one that never was", async () => {
  const job = await send("external_id\nimport\n");
  const path = (id: string) => `${importsPath}/${id}/errors.csv`;
  const stranger = await registry.client();
  const foreign = await download(registry, stranger, path(job.id));
  const missing = await download(registry, stranger, path("0123456789abcdef01234567"));
  expect(foreign.status).toBe(404);
  expect(JSON.parse(foreign.text)).toMatchObject({ errorCode: "IMPORT_NOT_FOUND" });
  expect(foreign.text).toBe(missing.text);
  expect((await errorsOf(job)).lines.length).toBe(2);
});
