import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { runClientele } from "../testing/run-clientele.ts";
import { type Enterprise, startService } from "../testing/start-service.ts";

const folder = fileURLToPath(new URL("../../../../shared/data/chinook", import.meta.url));
const service = startService();

describe.skipIf(!existsSync(folder))(
  "clientele demo chinook (skipped without ../shared/data/chinook)",
  () => {
    let enterprise: Enterprise;
    const run = async () => {
      const { code, stdout, stderr } = await runClientele(
        ["demo", "chinook", folder, "--json"],
        enterprise.environment,
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return JSON.parse(stdout);
    };
    const fetch = async (customerId: string) =>
      (await enterprise.client.fetchCustomer({ customerId, external: 1 })).data;
    const fieldOf = (customer: Awaited<ReturnType<typeof fetch>>, label: string) =>
      customer.fields.find((field) => field.label === label)?.value;

    let report: unknown;
    beforeAll(async () => {
      enterprise = await service.enterprise({ companies: ["Store"] });
      report = await run();
    });

    test("imports 59 customers and 412 invoices and reports two invalid phone numbers", async () => {
      expect(report).toEqual({
        customers: { created: 59, updated: 0, unchanged: 0, failed: 0 },
        events: { created: 412, updated: 0, unchanged: 0, failed: 0 },
        fieldsCreated: 4,
        warnings: [
          { customer: "9", message: expect.stringContaining("+453 3331 9991") },
          { customer: "57", message: expect.stringContaining("+56 (0)2 635 4444") },
        ],
        failures: [],
      });
      expect((await enterprise.client.listCustomers({ limit: 1 })).total).toBe(59);
    });

    test("keeps accents, fills in phone numbers and stores an invalid one as text", async () => {
      const first = await fetch("1");
      expect(first).toMatchObject({
        fullName: "Luís Gonçalves",
        companyName: "Embraer - Empresa Brasileira de Aeronáutica S.A.",
        phone: { phone: "+551239235555", code: "BR" },
      });
      expect(JSON.parse(fieldOf(first, "Fax")!)).toMatchObject({ phone: "+551239235566" });
      expect(fieldOf(first, "Support rep")).toBe("3");
      expect((await fetch("49")).fullName).toBe("Stanisław Wójcik");
      const ninth = await fetch("9");
      expect(ninth.phone).toEqual({});
      expect(fieldOf(ninth, "Phone as written")).toBe("+453 3331 9991");
    });

    test("adds invoices as events that do not count as bookings", async () => {
      const { data, total } = await enterprise.client.listEvents({ customerId: "2", external: 1 });
      expect(total).toBe(7);
      expect(data.at(-1)).toMatchObject({
        externalId: "invoice-1",
        type: "invoice",
        date: "2021-01-01",
        metadata: { total: 1.98, city: "Stuttgart" },
      });
      expect((await fetch("2")).totalBookings).toBe(0);
    });

    test("changes nothing when run again", async () => {
      expect(await run()).toMatchObject({
        customers: { created: 0, updated: 0, unchanged: 59, failed: 0 },
        events: { created: 0, updated: 0, unchanged: 412, failed: 0 },
        fieldsCreated: 0,
      });
    });
  },
);
