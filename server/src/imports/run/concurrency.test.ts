import { beforeEach, describe, expect, test } from "vitest";
import { csv, importsOf } from "../../testing/import-work.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { runImport } from "./import-loop.ts";

const registry = startApp();

let client: Client;
let imports: ReturnType<typeof importsOf>;
beforeEach(async () => {
  client = await registry.client();
  imports = importsOf(registry, client);
});

/** Works on all of them at once, each as another machine would. */
async function atOnce(...ids: string[]): Promise<void> {
  const context = {
    pool: registry.database.service,
    clock: () => new Date(),
    onError: (error: unknown) => {
      throw error;
    },
  };
  const { enterpriseId } = client;
  await Promise.all(
    ids.map((importId) => runImport(context, { enterpriseId, importId }, new AbortController().signal)),
  );
}

const keys = Array.from({ length: 5_001 }, (_, at) => `K-${at}`);
const lines = (of: readonly string[], name: string) =>
  of.map((key, at) => `${key},${name},${key}@example.com,${at}`);

describe("imports of the same customers at once", () => {
  test("end in a state that some order of their rows gives", async () => {
    await client.patch("/v1/enterprise-customers/customfields/email", { is_unique: true });
    const heads = "external_id,Last name,Email,Notes";
    const ids = [
      await imports.send(csv(heads, ...lines(keys, "Up"))),
      await imports.send(csv(heads, ...lines(keys.toReversed(), "Down"))),
      await imports.send(
        csv(
          heads,
          ...lines(
            keys.filter((_, at) => at % 3 === 0),
            "Some",
          ),
        ),
      ),
    ];
    await atOnce(...ids);
    const done = await Promise.all(ids.map(imports.job));
    for (const job of done) expect(job).toMatchObject({ phase: "completed", failed: 0 });
    expect(done.reduce((sum, { created }) => sum + created, 0)).toBe(5_001);
    const left = Object.values(await imports.customers("lastName", "notes"));
    expect(left).toHaveLength(5_001);
    for (const [at, key] of keys.sort().entries()) {
      const place = Number(key.slice(2));
      const some = place % 3 === 0 ? [`Some ${place / 3}`] : [];
      expect([`Up ${place}`, `Down ${5_000 - place}`, ...some], key).toContain(left[at]);
    }
  });

  test("that are the same import write each row once", async () => {
    const id = await imports.send(csv("external_id,Last name,Email,Notes", ...lines(keys, "Once")));
    await atOnce(id, id, id);
    expect(await imports.job(id)).toMatchObject({ phase: "completed", created: 5_001, rowsRead: 5_001 });
    const { rows } = await registry.database.admin.query(
      "select count(*)::integer as changes from changes where enterprise_id = $1 and import_id = $2 and subject = 'customer'",
      [client.enterpriseId, id],
    );
    expect(rows).toEqual([{ changes: 5_001 }]);
  });

  test("do not disturb single writes", async () => {
    const id = await imports.send(csv("external_id,Last name,Email,Notes", ...lines(keys, "File")));
    const some = keys.filter((_, at) => at % 500 === 0);
    const [, ...answers] = await Promise.all([
      atOnce(id),
      ...some.map((key) => client.post("/v1/enterprise-customers", { external_id: key })),
    ]);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const made = answers.filter(({ status }) => status === 201).length;
    expect(await imports.job(id)).toMatchObject({ phase: "completed", created: 5_001 - made, updated: made });
  });
});
