import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runClientele } from "../testing/run-clientele.ts";
import { startService } from "../testing/start-service.ts";
import { parseDate } from "./febrl.ts";

const file = fileURLToPath(new URL("../../../../shared/data/febrl/dataset2.csv", import.meta.url));
const service = startService();

test.each([
  ["19300213", "1930-02-13"],
  ["20240229", "2024-02-29"],
  ["20230229", null],
  ["19300752", null],
  ["1930021", null],
  ["x", null],
  ["", undefined],
])("the date of birth %j is %j", (text, day) => expect(parseDate(text)).toBe(day));

describe.skipIf(!existsSync(file))("clientele demo febrl (skipped without ../shared/data/febrl)", () => {
  test("imports 5,000 rows, leaves out ten invalid dates, and changes nothing when run again", async () => {
    const { environment, client } = await service.enterprise();
    const run = async () =>
      JSON.parse((await runClientele(["demo", "febrl", file, "--json"], environment)).stdout);
    const report = await run();
    expect(report).toMatchObject({
      customers: { created: 5_000, updated: 0, unchanged: 0, failed: 0 },
      fieldsCreated: 4,
      failures: [],
    });
    expect(report.warnings).toHaveLength(10);
    expect(report.warnings).toContainEqual({
      customer: "rec-768-dup-0",
      message: "date_of_birth 19300752 is not a valid date; left out.",
    });
    expect(await run()).toMatchObject({ customers: { created: 0, updated: 0, unchanged: 5_000, failed: 0 } });

    const values = async (customerId: string) => {
      const { fields } = (await client.fetchCustomer({ customerId, external: 1 })).data;
      return Object.fromEntries(fields.map(({ defaultId, label, value }) => [defaultId || label, value]));
    };
    expect(await values("rec-2778-org")).toEqual({
      firstName: "sarah",
      lastName: "bruhn",
      street: "44 forbes street",
      "Address line 2": "wintersloe",
      zipcode: "4510",
      birthday: "1930-02-13",
      Suburb: "kellerberrin",
      State: "vic",
      "Social security id": "7535316",
    });
    // This record has no given name and no second address line.
    expect(await values("rec-3808-org")).not.toHaveProperty("firstName");
    expect(await values("rec-768-dup-0")).not.toHaveProperty("birthday");
  });
});
