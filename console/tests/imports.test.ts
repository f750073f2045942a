import { existsSync, readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { ZipFile } from "yazl";
import { describeInBrowser, type Enterprise, expectAccessible, startConsole } from "./start-console.ts";

const testConsole = startConsole();

/** 5,000 people, ten of them with impossible birthdays: the FEBRL file if present, generated otherwise. */
function listOfPeople(): string {
  const febrl = fileURLToPath(new URL("../../../shared/data/febrl/dataset2.csv", import.meta.url));
  if (existsSync(febrl)) return readFileSync(febrl, "utf8");
  const rows = Array.from({ length: 5_000 }, (_, at) => {
    const born = at % 500 === 7 ? "19830231" : `19${50 + (at % 40)}0${1 + (at % 9)}1${at % 10}`;
    return `rec-${at}, ada, family${at}, ${at}, main street, , town, 4000, nsw, ${born}, ${1_000_000 + at}`;
  });
  const headings =
    "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id";
  return `${[headings, ...rows].join("\n")}\n`;
}

/** In both colour schemes, once transitions have ended. */
async function expectAccessibleInBoth(page: Page): Promise<void> {
  await wear(page, "dark");
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .setLegacyMode()
    .withRules(["color-contrast", "link-in-text-block"])
    .analyze();
  expect(violations).toEqual([]);
  await wear(page, "light");
  await expectAccessible(page);
}

async function wear(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
  // Endless animations, such as the progress bar, are not transitions.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation instanceof CSSTransition)
        .map((animation) => animation.finished),
    ),
  );
}

const headingOf = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

/** Chooses a file by keyboard and requests its preview. */
async function check(page: Page, file: { name: string; buffer: Buffer }): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose file" }).press("Enter");
  await (await chooser).setFiles({ ...file, mimeType: "" });
  await page.getByRole("button", { name: "Preview import" }).press("Enter");
}

async function mapColumn(page: Page, column: string, to: string): Promise<void> {
  await page.getByRole("combobox", { name: `Field for column ${column}` }).click();
  await page.getByRole("option", { name: to, exact: true }).click();
}

/** The count for a result. */
const countOf = async (page: Page, what: string) =>
  /^[\d,]+/.exec((await page.getByRole("listitem").filter({ hasText: what }).textContent())!)?.[0];

const customersOf = async ({ client }: Enterprise) =>
  (await client.listCustomers({ limit: 5 })).data.map(
    ({ externalId, lastName }) => `${externalId} ${lastName}`,
  );

const spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** A workbook of text sheets, by name. */
async function workbookOf(sheets: Record<string, string[][]>): Promise<Buffer> {
  const zip = new ZipFile();
  const add = (part: string, xml: string) => zip.addBuffer(Buffer.from(xml), part);
  const related = (them: string[]) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${them.join("")}</Relationships>`;
  const relation = (id: number, kind: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${kinds}/${kind}" Target="${target}"/>`;
  const names = Object.keys(sheets);
  const listed = names.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`);
  add("_rels/.rels", related([relation(1, "officeDocument", "xl/workbook.xml")]));
  add(
    "xl/workbook.xml",
    `<workbook xmlns="${spreadsheet}" xmlns:r="${kinds}"><sheets>${listed.join("")}</sheets></workbook>`,
  );
  add(
    "xl/_rels/workbook.xml.rels",
    related(names.map((_, at) => relation(at + 1, "worksheet", `worksheets/sheet${at + 1}.xml`))),
  );
  for (const [at, rows] of Object.values(sheets).entries()) {
    const cells = (row: string[]) =>
      row.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join("");
    const data = rows.map((row) => `<row>${cells(row)}</row>`).join("");
    add(
      `xl/worksheets/sheet${at + 1}.xml`,
      `<worksheet xmlns="${spreadsheet}"><sheetData>${data}</sheetData></worksheet>`,
    );
  }
  zip.end();
  return buffer(zip.outputStream);
}

describeInBrowser("an import", () => {
  test("is previewed, fixed, applied, followed across a reload and undone", async () => {
    const enterprise = await testConsole.enterprise();
    const { client } = enterprise;
    const text = listOfPeople();
    const known = text.split("\n")[4_000]!.split(",")[0]!;
    const customers = [{ external_id: known, values: { lastName: "Before" } }];
    await client.importCustomers({ body: { customers } });
    const page = await testConsole.signedIn({ enterprise, role: "editor" });

    await page.goto("/imports");
    await page.getByText("No imports yet").waitFor();
    await expectAccessibleInBoth(page);
    await page.getByRole("link", { name: "Import customers" }).click();
    await page.getByRole("button", { name: /^Import options/ }).click();
    await page.getByLabel("Empty cells").first().waitFor();
    await expectAccessibleInBoth(page);
    await check(page, { name: "people.csv", buffer: Buffer.from(text) });

    await headingOf(page, "people.csv").waitFor();
    await page.getByText("columns are not mapped yet. Map").waitFor();
    await expectAccessibleInBoth(page);
    await mapColumn(page, "rec_id", "External ID");
    await page.getByRole("button", { name: "Use YYYYMMDD" }).click();
    await page.getByRole("button", { name: "Skip them" }).click();
    await page.getByRole("button", { name: "Update preview" }).click();

    const apply = page.getByRole("button", { name: /^Import [\d,]+ customers?$/ });
    await apply.waitFor();
    expect(await countOf(page, "to create")).toBe("4,989");
    expect(await countOf(page, "to update")).toBe("1");
    await page.getByText("Updated (1)").click();
    await page.getByRole("row", { name: /Last name: Before → / }).waitFor();
    await expectAccessibleInBoth(page);
    const planAddress = page.url();

    await page.getByRole("tab", { name: "Errors (10)" }).click();
    await page
      .getByRole("row", { name: /^10 rows date_of_birth This is not a date in the format YYYYMMDD/ })
      .waitFor();
    const cell = page.getByRole("textbox", { name: /^date_of_birth, row/ }).first();
    const [line] = /\d+/.exec((await cell.getAttribute("aria-label"))!)!;
    await expectAccessibleInBoth(page);
    await cell.fill("19700131");
    await page.getByText("1 of 10 rows fixed").waitFor();
    await page.getByRole("button", { name: "Preview 1 fixed row" }).click();
    await headingOf(page, "people – fixed.csv").waitFor();
    await page.getByRole("row", { name: /Jan 31, 1970/ }).waitFor();
    await expectAccessibleInBoth(page);
    await page.getByRole("button", { name: "Import 1 customer", exact: true }).click();
    await page.getByText("1 customer imported.").waitFor();
    const mended = text.split("\n")[Number(line) - 1]!.split(",")[0]!;
    expect((await client.fetchCustomer({ customerId: mended, external: true })).data.externalId).toBe(mended);

    // A row lock on a customer of the second half stops the import before it.
    const { admin } = testConsole.app.database;
    await page.getByRole("link", { name: "another import" }).click();
    await page.waitForURL(planAddress);
    await admin.query("begin");
    await admin.query("select from customers where external_id = $1 for update", [known]);
    await apply.click();
    await page.getByText("2,500 of 5,000 rows").waitFor();
    await page.reload();
    await page.getByText("2,500 of 5,000 rows").waitFor();
    expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("50");
    await expectAccessibleInBoth(page);
    await admin.query("commit");

    await page.getByText("4,990 customers imported.").waitFor();
    await page.getByRole("table", { name: "Rows with errors" }).waitFor();
    await expectAccessibleInBoth(page);
    const downloaded = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download rows with errors" }).click();
    const errors = await buffer(await (await downloaded).createReadStream());
    expect(errors.toString().trim().split("\n")).toHaveLength(1 + 10);
    const result = page.url();
    await page.getByRole("link", { name: "View customers" }).click();
    await page.waitForURL(/updated_since/);

    await page.goto(result);
    await page.getByRole("button", { name: "Undo people.csv" }).press("Enter");
    await page.getByText("4,989 customers created by this import are deleted.").waitFor();
    await page.getByText("1 customer updated by this import gets its previous values back.").waitFor();
    await expectAccessibleInBoth(page);
    await page.getByRole("button", { name: "Undo import" }).press("Enter");
    await headingOf(page, "Undo of an import").waitFor();
    await page.getByText("Changes to 4,990 customers undone.").waitFor();
    await expectAccessibleInBoth(page);
    expect((await customersOf(enterprise)).map((customer) => customer.split(" ")[0]).sort()).toEqual(
      [known, mended].sort(),
    );
    expect(await customersOf(enterprise)).toContain(`${known} Before`);

    await page.getByRole("link", { name: "All imports" }).click();
    await page
      .getByRole("row", { name: /people\.csv.*Undone.*4,989 new, 1 updated, 10 with errors/ })
      .waitFor();
    await expectAccessibleInBoth(page);
  });

  test("reads a sheet of a workbook, creates fields and explains unreadable files in German", async () => {
    const page = await testConsole.signedIn({
      role: "administrator",
      locale: "de",
      viewport: { width: 360, height: 740 },
    });
    const choose = async (name: string, bytes: Buffer) => {
      await page.goto("/imports/new");
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Datei auswählen" }).click();
      await (await chooser).setFiles({ name, mimeType: "", buffer: bytes });
    };
    await choose("leer.csv", Buffer.from('external_id,Nachname\nK-1,"nie zu\n'));
    await page.getByRole("button", { name: "Vorschau anzeigen" }).click();
    const alert = page.getByRole("alert");
    await alert.getByText(/Ein Anführungszeichen in Zeile 2 wird nie geschlossen/).waitFor();
    await alert.getByText(/Korrigieren Sie die Datei/).waitFor();
    await expectAccessibleInBoth(page);

    const rows = [
      ["external_id", "Nachname", "Schuhgröße", "E-Mail"],
      ["K-1", "Muster", "42", "eins@example.com"],
      ["K-2", "Beispiel", "38", "keine"],
    ];
    await choose("Kunden.xlsx", await workbookOf({ Deckblatt: [["Stand 2026"]], Kunden: rows }));
    await page.getByRole("combobox", { name: "Tabellenblatt" }).click();
    await page.getByRole("option", { name: "Kunden" }).click();
    await expectAccessibleInBoth(page);
    await page.getByRole("button", { name: "Vorschau anzeigen" }).click();
    await page.getByText(/^1 Spalte ist noch nicht zugeordnet\. Ordnen/).waitFor();
    await page.getByRole("combobox", { name: "Feld für Spalte Schuhgröße" }).click();
    await page.getByRole("option", { name: "Neues Feld anlegen …" }).click();
    await page.getByRole("textbox", { name: "Name des neuen Feldes" }).fill("Größe");
    await page.getByRole("button", { name: "Vorschau aktualisieren" }).click();
    await page.getByRole("row", { name: /Muster.*Größe: 42/ }).waitFor();
    await page.getByRole("button", { name: "1 Kunden importieren" }).click();
    await page.getByText("1 Kunde importiert.").waitFor();
    await page.getByRole("row", { name: /^1 Zeile E-Mail Das ist keine E-Mail-Adresse/ }).waitFor();
    await expectAccessibleInBoth(page);
    await page.getByRole("textbox", { name: "E-Mail, Zeile 3" }).fill("zwei@example.com");
    await page.getByRole("button", { name: "Vorschau für 1 korrigierte Zeile" }).click();
    await page.getByRole("button", { name: "1 Kunden importieren" }).click();
    await page.getByText("1 Kunde importiert.").waitFor();
    expect((await customersOf(page.enterprise)).sort()).toEqual(["K-1 Muster", "K-2 Beispiel"]);

    const viewer = await testConsole.signedIn({ role: "viewer", enterprise: page.enterprise });
    await viewer.goto(page.url());
    await viewer.getByText("1 customer imported.").waitFor();
    expect(await viewer.getByRole("button", { name: /^Undo/ }).count()).toBe(0);
    await viewer.goto("/imports/new");
    await viewer.getByText("Your role does not allow imports.").waitFor();
    await expectAccessible(viewer);
  });
});
