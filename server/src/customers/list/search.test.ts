import { beforeAll, describe, expect, test } from "vitest";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const path = "/v1/enterprise-customers";

const people: Record<string, { values: Record<string, string>; externalId?: string }> = {
  müller: {
    values: {
      firstName: "Jürgen",
      lastName: "Müller",
      email: "j.mueller-berlin@mail.example.com",
      mobilePhone: "+49 1512 3456789",
    },
    externalId: "K-2024/001",
  },
  mueller: { values: { firstName: "Anna", lastName: "Mueller", companyName: "Bäcker & Söhne GmbH" } },
  muller: { values: { firstName: "Jan", lastName: "Muller", email: "anna@example.org" } },
  strauß: { values: { firstName: "Ilse", lastName: "Strauß", landlinePhone: "+49 30 1234567" } },
  italian: { values: { firstName: "Gio'", lastName: "D’Angelo", landlinePhone: "+39 06 12345678" } },
  turk: { values: { firstName: "İpek", lastName: "Yıldız" } },
  pole: { values: { firstName: "Łukasz", lastName: "Wałęsa" } },
  dane: { values: { firstName: "Søren", lastName: "Ærø" } },
  vietnamese: { values: { firstName: "Đặng", lastName: "Nguyễn" } },
  greek: { values: { firstName: "Αλέξης", lastName: "Παπαδόπουλος" } },
  russian: { values: { firstName: "Пётр", lastName: "Чайковский" } },
  arab: { values: { firstName: "أَحْمَد", lastName: "العربي" } },
  indian: { values: { firstName: "राम", lastName: "सिंह" } },
  japanese: { values: { firstName: "太郎", lastName: "山田" } },
  korean: { values: { firstName: "민준", lastName: "김" } },
  odd: { values: { firstName: "O'Neill\\:*&|!()", lastName: "x<->y" } },
};

describe("a search", () => {
  let client: Client;
  const names = new Map<string, string>();
  beforeAll(async () => {
    client = await registry.client();
    await registry.database.admin.query(
      "update custom_fields set is_searchable = true where enterprise_id = $1 and default_id = 'notes'",
      [client.enterpriseId],
    );
    for (const [name, { values, externalId }] of Object.entries(people)) {
      const { status, text, body } = await client.post(path, {
        customfields: Object.entries({ ...values, notes: `Kennzeichen ${name}-42 @home` }).map(
          ([id, value]) => ({ id, value }),
        ),
        ...(externalId === undefined ? {} : { external_id: externalId }),
      });
      expect(status, text).toBe(201);
      names.set(body.data.id, name);
    }
  });

  const found = async (q: string) => {
    const { status, text, body } = await client.get(path, { query: { q, sort: "createdAt", fields: "id" } });
    expect(status, text).toBe(200);
    expect(body.total).toBe(body.data.length);
    return (body.data as { id: string }[]).map(({ id }) => names.get(id)!).sort();
  };
  const finds = (q: string, ...expected: string[]) =>
    test(`for ${JSON.stringify(q)} finds ${expected.join(", ") || "nobody"}`, async () => {
      expect(await found(q)).toEqual([...expected].sort());
    });

  describe("by name, without case, accents and the spelling of umlauts", () => {
    for (const q of ["müller", "MÜLLER", "mueller", "MUELLER", "Mu\u0308ller", "muell"])
      finds(q, "müller", "mueller", ...(/ü|u\u0308/i.test(q) ? ["muller"] : []));
    finds("muller", "müller", "muller");
    finds("mull", "müller", "muller");
    finds("uller");
    finds("jürgen müll", "müller");
    finds("  müll\tjuergen ", "müller");
    finds("anna müller", "mueller", "muller");
    finds("anna muller", "muller");
    finds("strauss", "strauß");
    finds("STRAUẞ", "strauß");
    finds("d'angelo", "italian");
    finds("angelo", "italian");
    finds("ipek yildiz", "turk");
    finds("İPEK", "turk");
    finds("lukasz walesa", "pole");
    finds("soren aero", "dane");
    finds("soeren", "dane");
    finds("dang nguyen", "vietnamese");
    finds("ΑΛΕΞΗΣ", "greek");
    finds("παπαδοπουλος", "greek");
    finds("ΠΑΠΑΔΟΠΟΥΛΟΣ", "greek");
    finds("петр", "russian");
    finds("احمد", "arab");
    finds("राम सिं", "indian");
    finds("र", "indian");
    finds("रमा");
    finds("山", "japanese");
    finds("김 민", "korean");
  });

  describe("by company, e-mail, external id and a searchable field", () => {
    finds("söhne", "mueller");
    finds("bäcker & söhne", "mueller");
    finds("gmbh baecker", "mueller");
    finds("j.mueller", "müller");
    finds("anna@ex", "muller");
    finds("example.com", "müller");
    finds("@example.org", "muller");
    finds("example", "müller", "muller");
    finds("berlin@mail", "müller");
    finds("K-2024/001", "müller");
    finds("k-20", "müller");
    finds("2024/0", "müller");
    finds("001", "müller");
    finds("kennzeichen greek-4", "greek");
    finds("greek-42 alex");
    finds("greek-42 αλεξ", "greek");
  });

  describe("by phone", () => {
    finds("+49 1512", "müller");
    finds("+4915123456789", "müller");
    finds("+49 (0) 1512 / 34 56-789", "müller");
    finds("+49 01512", "müller");
    finds("0049 1512 34", "müller");
    finds("01512345", "müller");
    finds("(01512) 34", "müller");
    finds("1512 3456789", "müller");
    finds("15123456789", "müller");
    finds("1512", "müller");
    finds("15", "müller");
    finds("01", "müller");
    finds("0 15 müller", "müller");
    finds("0", "müller", "strauß", "italian");
    finds("+49 müller", "müller");
    finds("6789", "müller");
    finds("56 789", "müller");
    finds("müller 56 789", "müller");
    finds("030 123 45 67", "strauß");
    finds("(0)30/1234567", "strauß");
    finds("+49", "müller", "strauß");
    finds("06 1234", "italian");
    finds("006", "italian");
    finds("6 1234");
    finds("+39 06 12", "italian");
    finds("4567 ilse", "strauß");
    finds("000");
    finds("99999");
  });

  describe("of anything else", () => {
    finds("o'neill\\", "odd");
    finds("o'neill\\:*&|!()", "odd");
    finds("x<->y", "odd");
    finds("!!!");
    finds("'");
    finds("\\");
    finds("a:* | zz");
    finds("' | 'zz");
    finds("zz' | '");
    finds(`${"ä".repeat(400)} \u{1F600}`);
  });

  test("with a NUL is refused", async () => {
    const { status } = await client.get(`${path}?q=a%00b`);
    expect(status).toBe(400);
  });

  test("of nothing is no search", async () => {
    for (const q of ["", " ", "\t"]) expect(await found(q)).toHaveLength(Object.keys(people).length);
  });

  test("finds nobody of another enterprise, even with the same last digits of its id", async () => {
    const other = await registry.client();
    const { body } = await other.get(path, { query: { q: "müller" } });
    expect(body.total).toBe(0);
  });

  test("finds what was just written, and no longer what was", async () => {
    const writer = await registry.client();
    const { body } = await writer.post(path, { customfields: [{ id: "lastName", value: "Vorher" }] });
    const total = async (q: string) => (await writer.get(path, { query: { q } })).body.total;
    expect(await total("vorher")).toBe(1);
    await writer.patch(`${path}/${body.data.id}`, { customfields: [{ id: "lastName", value: "Nachher" }] });
    expect([await total("vorher"), await total("nachher")]).toEqual([0, 1]);
    await writer.delete(`${path}/${body.data.id}`);
    expect(await total("nachher")).toBe(0);
  });

  test("has room for long notes and what is not cut in the middle of a character", async () => {
    const writer = await registry.client();
    await registry.database.admin.query(
      "update custom_fields set is_searchable = true where enterprise_id = $1 and default_id = 'notes'",
      [writer.enterpriseId],
    );
    const notes = Array.from({ length: 9_000 }, (_, index) => `wort${index}`).join(" ");
    const value = `${"x".repeat(59)}\u{20000}${"y".repeat(39)}\u{20000}z`;
    for (const customfields of [
      [
        { id: "notes", value: notes },
        { id: "lastName", value: "Lang" },
      ],
      [
        { id: "lastName", value },
        { id: "notes", value: value.repeat(800) },
      ],
    ]) {
      const { status, text } = await writer.post(path, {
        customfields,
        external_id: `E${customfields[0]!.id}`,
      });
      expect(status, text).toBe(201);
    }
    const total = async (q: string) => (await writer.get(path, { query: { q } })).body.total;
    expect(await total("lang wort17")).toBe(1);
    expect(await total("enotes")).toBe(1);
    expect(await total(value)).toBe(1);
  });
});
