import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { importsOf } from "../../testing/import-work.ts";
import { startApp } from "../../testing/start-app.ts";

const registry = startApp();
const { scale, seed } = inject("random");
const runs = 12 * scale;

const headings = ["external_id", "First name", "Last name", "E-mail", "tags", "Zip code"] as const;
const words = [
  "",
  "Änne",
  "O'Neill",
  "van der Berg",
  "00123",
  "x;y",
  'says "hi"',
  "two\nlines",
  "+49",
  "=1+1",
];

/** One row for each external id, so that no row means what another one does. Some have errors. */
const rows = fc
  .uniqueArray(fc.nat({ max: 60 }), { minLength: 1, maxLength: 40 })
  .chain((numbers) =>
    fc.tuple(
      ...numbers.map((number) =>
        fc
          .tuple(
            fc.constantFrom(...words),
            fc.constantFrom(...words),
            fc.constantFrom("", "somebody@example.com", "nobody"),
            fc.constantFrom("", "Gold", "Gold;Silver"),
            fc.constantFrom("", "01067", "80331"),
          )
          .map((cells) => [`K-${number}`, ...cells]),
      ),
    ),
  );

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const csvOf = (records: readonly (readonly string[])[]) =>
  [headings, ...records].map((cells) => cells.map(quoted).join(",")).join("\r\n");

/** The registry that files leave behind, sent one after the other to an enterprise that knows ten of the customers. */
async function registryOf(files: readonly (readonly (readonly string[])[])[]): Promise<unknown> {
  const client = await registry.client();
  for (const name of ["Gold", "Silver"]) await client.post("/v1/customer-tags", { name });
  const imports = importsOf(registry, client);
  const known = Array.from({ length: 10 }, (_, number) => [`K-${number * 6}`, "Known", "Before", "", "", ""]);
  await imports.imported(csvOf(known));
  const tally = { created: 0, updated: 0, unchanged: 0, failed: 0 };
  for (const file of files) {
    const job = await imports.imported(csvOf(file), { again: "1" });
    expect(job.phase).toBe("completed");
    for (const name of Object.keys(tally) as (keyof typeof tally)[]) tally[name] += job[name];
  }
  const { body } = await client.get("/v1/enterprise-customers", { query: { sort: "externalId" } });
  const customers = body.data.map(
    ({
      externalId,
      fullName,
      email,
      tags,
      fields,
    }: Record<string, unknown> & { tags: { name: string }[] }) => ({
      externalId,
      fullName,
      email,
      tags: tags.map(({ name }) => name).sort(),
      fields: (fields as { label: string; defaultId: string; value: string }[]).map(
        ({ label, defaultId, value }) => [defaultId || label, value],
      ),
    }),
  );
  return { tally, customers };
}

test(`any order of a file's rows, and any split of it, gives the same registry (seed ${seed})`, async () => {
  const shuffled = rows.chain((records) =>
    fc.record({
      records: fc.constant(records),
      permuted: fc.shuffledSubarray([...records], { minLength: records.length }),
      cuts: fc.array(fc.nat({ max: records.length }), { maxLength: 3 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ records, permuted, cuts }) => {
      const at = [0, ...cuts.sort((one, other) => one - other), permuted.length];
      const files = at
        .slice(1)
        .map((end, index) => permuted.slice(at[index], end))
        .filter((file) => file.length > 0);
      expect(await registryOf(files)).toEqual(await registryOf([records]));
    }),
    { seed, numRuns: runs },
  );
});
