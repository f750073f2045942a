import { isValidPhoneNumber, parsePhoneNumberWithError } from "libphonenumber-js/max";
import { describe, expect, test } from "vitest";
import { runClientele } from "../testing/run-clientele.ts";
import { startService } from "../testing/start-service.ts";
import { countries } from "./countries.ts";
import { peopleDataset } from "./people.ts";

const branches = [
  { id: "0123456789abcdef01234567", name: "First branch" },
  { id: "0123456789abcdef01234568", name: "Second branch" },
];

describe("the generated people", () => {
  const { customers, events } = peopleDataset(2_000, branches);
  const valuesOf = (name: string) =>
    customers.map(({ values }) => values[name]).filter((value) => value !== undefined) as string[];

  test("are the same in every run and for every count", () => {
    expect(peopleDataset(2_000, branches).customers).toEqual(customers);
    expect(peopleDataset(50, branches).customers).toEqual(customers.slice(0, 50));
  });

  test("live in 13 countries and have local names", () => {
    expect(new Set(valuesOf("country")).size).toBe(countries.length);
    const accented = valuesOf("lastName").filter((name) => /[äöüßéèñøåłśż]/i.test(name));
    expect(accented.length).toBeGreaterThan(100);
  });

  test("have phone numbers that are valid in their country", () => {
    for (const { mobile, landline } of countries) {
      expect(typeOf(mobile)).toMatch(/MOBILE/);
      expect(typeOf(landline)).toMatch(/FIXED_LINE/);
    }
    const phones = [...valuesOf("mobilePhone"), ...valuesOf("landlinePhone")];
    expect(phones.length).toBeGreaterThan(2_000);
    expect(phones.filter((phone) => !isValidPhoneNumber(phone))).toEqual([]);
  });

  test("have example e-mail addresses and valid dates of birth", () => {
    expect(valuesOf("email").filter((value) => !/^[a-z0-9._-]+@example\.(com|org|net)$/.test(value))).toEqual(
      [],
    );
    for (const birthday of valuesOf("birthday"))
      expect(new Date(birthday).toISOString().slice(0, 10)).toBe(birthday);
  });

  test("have bookings within two years at both branches, each with its own id", () => {
    expect(new Set(events.map((event) => event.external_id)).size).toBe(events.length);
    expect(new Set(events.map((event) => event.company_id))).toEqual(new Set(branches.map(({ id }) => id)));
    const dates = events.map((event) => event.start_date).sort();
    expect(dates[0]).toMatch(/^2025-01/);
    expect(dates.at(-1)).toMatch(/^2026-12/);
  });
});

const typeOf = (pattern: string) => parsePhoneNumberWithError(pattern.replaceAll("#", "1")).getType();

const service = startService();

describe("clientele demo", () => {
  test("fills an enterprise with 2,000 customers and changes nothing when run again", async () => {
    const { environment, client } = await service.enterprise({ companies: ["North", "South"] });
    const first = await runClientele(["demo", "--json"], environment);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const report = JSON.parse(first.stdout);
    expect(report).toMatchObject({
      customers: { created: 2_000, updated: 0, unchanged: 0, failed: 0 },
      events: { updated: 0, unchanged: 0, failed: 0 },
      fieldsCreated: 4,
      failures: [],
    });
    expect((await client.listCustomers({ limit: 1 })).total).toBe(2_000);

    const again = JSON.parse((await runClientele(["demo", "--json"], environment)).stdout);
    expect(again).toMatchObject({
      customers: { created: 0, updated: 0, unchanged: 2_000, failed: 0 },
      events: { created: 0, updated: 0, unchanged: report.events.created, failed: 0 },
      fieldsCreated: 0,
    });
    const { customers, events } = peopleDataset(2_000, []);
    const [{ externalId: customerId, values }] = customers as [(typeof customers)[0]];
    const { data } = await client.fetchCustomer({ customerId, external: 1 });
    expect(data).toMatchObject({ firstName: values["firstName"], email: values["email"] });
    expect(data.totalBookings).toBe(
      events.filter((event) => event.customer_external_id === customerId).length,
    );
  });

  test("adds new branches to the options of the field and keeps the existing ones", async () => {
    const { environment, client, addCompany: found } = await service.enterprise();
    const optionsNow = async () => {
      const { data } = await client.listCustomFields({ q: "Preferred branch" });
      return data.flatMap((field) => field.selectOptions.map(({ value }) => value));
    };
    const demo = () => runClientele(["demo", "--customers", "20"], environment);
    expect(await demo()).toMatchObject({ code: 0, stderr: "" });
    expect(await optionsNow()).toEqual([]);
    await found("North");
    expect(await demo()).toMatchObject({ code: 0, stderr: "" });
    expect(await optionsNow()).toEqual(["North"]);
    await found("South");
    expect(await demo()).toMatchObject({ code: 0, stderr: "" });
    expect(await optionsNow()).toEqual(["North", "South"]);
  });

  test("suggests three requests to try next", async () => {
    const { environment } = await service.enterprise({ companies: ["North"] });
    const { stdout } = await runClientele(["demo", "--customers", "20"], environment);
    expect(stdout).toMatch(/customers +20 +0 +0 +0\n/);
    expect(stdout.match(/curl .*/g)).toHaveLength(3);
  });
});
