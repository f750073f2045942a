import { readFile } from "node:fs/promises";
import type { Download, Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, type Enterprise, expectAccessible, startConsole } from "./start-console.ts";

/** 1,200 customers, `Name 0001` to `Name 1200`; every fourth lives in Bonn, the others in Köln. */
async function fill({ client }: Enterprise): Promise<void> {
  const customers = Array.from({ length: 1_200 }, (_, index) => {
    const number = String(index + 1).padStart(4, "0");
    return {
      external_id: `K-${number}`,
      values: { firstName: "Name", lastName: number, city: index % 4 === 0 ? "Bonn" : "Köln" },
    };
  });
  await client.importCustomers({ body: { customers } });
}

const totalOf = async ({ client }: Enterprise, filters: Record<string, unknown>) =>
  (await client.listCustomers({ ...filters, limit: 1 })).total;

const grid = (page: Page) => page.getByRole("grid", { name: "Customers" });
const row = (page: Page, text: string) => grid(page).getByRole("row").filter({ hasText: text });
const status = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text }).first();
const search = (page: Page) => page.getByRole("searchbox", { name: "Search customers" });
const activeRow = async (page: Page) => {
  const id = await grid(page).getAttribute("aria-activedescendant");
  return page.locator(`[id="${id}"]`).textContent();
};
const columnNames = async (page: Page) =>
  (await grid(page).getByRole("columnheader").allInnerTexts()).map((name) => name.trim()).filter(Boolean);

async function addFilter(page: Page, of: string, how?: string): Promise<void> {
  await page
    .getByRole("group", { name: "Filters" })
    .getByRole("button", { name: "Add filter", exact: true })
    .click();
  await choose(page, "Filter by", of);
  if (how !== undefined) await choose(page, "Condition", how);
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page
    .getByRole("combobox", { name: label })
    .or(page.getByRole("textbox", { name: label }))
    .first()
    .click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

async function textOf(download: Download): Promise<string> {
  return (await readFile(await download.path())).toString("utf8");
}

describeInBrowser("the customer table", () => {
  const testConsole = startConsole();

  test("navigates by keyboard, searches on every key press and opens a customer", async () => {
    const enterprise = await testConsole.enterprise();
    await fill(enterprise);
    const page = await testConsole.signedIn({ enterprise, role: "viewer" });
    await status(page, "1,200 customers").waitFor();
    expect(await grid(page).getAttribute("aria-rowcount")).toBe("1201");
    await expectAccessible(page);

    await grid(page).focus();
    await page.keyboard.press("End");
    await row(page, "Name 1200").waitFor();
    expect(await activeRow(page)).toContain("Name 1200");
    await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowUp");
    expect(await activeRow(page)).toMatch(/Name 11\d\d/);
    await page.keyboard.press("Home");
    await row(page, "Name 0001").waitFor();
    expect(await row(page, "Name 1200").count()).toBe(0);

    await page.keyboard.press("/");
    await page.keyboard.type("07 name");
    expect(await search(page).inputValue()).toBe("07 name");
    await status(page, "100 results").waitFor();
    expect(await grid(page).getByRole("row").nth(1).textContent()).toContain("Name 0700");
    expect(new URL(page.url()).searchParams.get("q")).toBe("07 name");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/customers\/[0-9a-f]{24}$/);
    await page.goBack();
    await status(page, "100 results").waitFor();
    expect(await search(page).inputValue()).toBe("07 name");
    await search(page).press("Escape");
    await status(page, "1,200 customers").waitFor();

    await search(page).fill("nobody of that name");
    await page.getByRole("heading", { name: "No customers found" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Clear search and filters" }).click();
    await status(page, "1,200 customers").waitFor();

    expect(await page.getByRole("link", { name: "New customer" }).count()).toBe(0);
    await row(page, "Name 0001").getByRole("gridcell").first().click();
    const acts = page.getByRole("group", { name: "Selected customers" }).getByRole("button");
    await acts.first().waitFor();
    expect(await acts.allInnerTexts()).toEqual(["Export", "Select all 1,200", "Clear selection"]);
  });

  test("remembers the person's columns, widths and sort order", async () => {
    const enterprise = await testConsole.enterprise();
    await fill(enterprise);
    const page = await testConsole.signedIn({ enterprise });
    await row(page, "Name 0001").waitFor();
    const header = (name: string) => grid(page).getByRole("columnheader", { name: new RegExp(`^${name}`) });
    const inMenu = async (column: string, ...items: string[]) => {
      await page.getByRole("button", { name: `${column}: sort, move, resize or hide` }).click();
      for (const item of items) await page.getByRole("menuitem", { name: item, exact: true }).click();
    };
    await inMenu("E-mail", "Hide");
    const width = (await header("City").boundingBox())!.width;
    await page.getByRole("button", { name: "City: sort, move, resize or hide" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Increase width" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("menuitem", { name: "Increase width" }).click();
    await page.getByRole("menuitem", { name: "Move left" }).click();
    await page.keyboard.press("Escape");
    await header("Company").dragTo(header("Phone"));

    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "External ID" }).click();
    await page.getByRole("button", { name: "Move External ID" }).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowUp");
    await page.getByText(/External ID is over position/).waitFor({ state: "attached" });
    await expectAccessible(page);
    await page.keyboard.press("Space");
    await page.keyboard.press("Escape");

    const saved = page.waitForResponse(
      (answer) =>
        answer.url().endsWith("/customer-views/current") &&
        (answer.request().postData() ?? "").includes('"sortType":"desc"'),
    );
    await header("Name").getByRole("button", { name: "Name", exact: true }).click();
    await row(page, "Name 1200").waitFor();
    expect(await header("Name").getAttribute("aria-sort")).toBe("descending");
    await saved;
    const names = ["Name", "Company", "Phone", "City", "Tags", "External ID", "Bookings", "Updated"];
    const shown = await columnNames(page);
    expect([...shown].sort()).toEqual([...names].sort());
    expect(shown.slice(0, 3)).toEqual(["Name", "Company", "Phone"]);

    await page.goto("/customers");
    await row(page, "Name 1200").waitFor();
    expect(await columnNames(page)).toEqual(shown);
    expect((await header("City").boundingBox())!.width).toBe(width + 32);
  });

  test("filters customers, and saves filters as a private or shared view", async () => {
    const enterprise = await testConsole.enterprise();
    await fill(enterprise);
    for (const [name, customerId] of [
      ["North", "K-0001"],
      ["South", "K-0002"],
    ] as const) {
      const { data: company } = await enterprise.client.createCompany({ body: { name } });
      const body = { start_date: "2026-01-05", company_id: company.id };
      await enterprise.client.createEvent({ customerId, external: "1", body });
    }
    const page = await testConsole.signedIn({ enterprise, role: "editor" });
    await row(page, "Name 0001").waitFor();
    await addFilter(page, "City", "is");
    await page.getByRole("textbox", { name: "Value" }).fill("Bonn");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Apply filter" }).click();
    await status(page, "300 results").waitFor();
    await addFilter(page, "Last name starts with");
    await choose(page, "Letter", "Other characters (#)");
    await page.getByRole("button", { name: "Apply filter" }).click();
    await page.getByText("Last name starts with #").waitFor();
    await status(page, "300 results").waitFor();
    await addFilter(page, "Updated");
    await page.getByLabel("Before").fill("2020-01-31");
    await page.getByRole("button", { name: "Apply filter" }).click();
    await page.getByText("Updated before Jan 31, 2020").waitFor();
    await page.getByRole("heading", { name: "No customers found" }).waitFor();
    await page.getByRole("button", { name: "Remove filter: Updated before Jan 31, 2020" }).click();
    await status(page, "300 results").waitFor();
    await expectAccessible(page);

    const views = (name: string) => page.getByRole("button", { name, exact: true });
    await views("All customers").click();
    await page.getByRole("menuitem", { name: "Save as new view" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("People of Bonn");
    await page.getByRole("switch", { name: "Share with everyone" }).click();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await views("People of Bonn").waitFor();
    await page.getByRole("button", { name: "Remove filter: Last name starts with #" }).click();
    await views("People of Bonn (changed)").click();
    await page.getByRole("menuitem", { name: "Save changes to “People of Bonn”" }).click();
    await views("People of Bonn").click();
    await page.getByRole("menuitem", { name: "Rename or share" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Bonn");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await views("Bonn").waitFor();

    const other = await testConsole.signedIn({ enterprise, role: "viewer", locale: "de" });
    await other.getByRole("button", { name: "Alle Kunden", exact: true }).click();
    await other.getByRole("menuitem", { name: "Bonn", exact: true }).click();
    await status(other, "300 Treffer").waitFor();
    await other.getByText("Ort ist Bonn").waitFor();
    await other.getByRole("button", { name: "Bonn", exact: true }).click();
    await expectAccessible(other);
    expect(await other.getByRole("menuitem", { name: "Ansicht löschen" }).count()).toBe(0);
    await other.keyboard.press("Escape");

    // A branch filter, by keyboard only.
    await other.getByRole("button", { name: "Filter hinzufügen", exact: true }).press("Enter");
    await other.getByRole("combobox", { name: "Filtern nach" }).pressSequentially("Filiale");
    await other.getByRole("option", { name: "Filiale" }).waitFor();
    await other.keyboard.press("ArrowDown");
    await other.keyboard.press("Enter");
    await other.keyboard.press("Tab");
    await other.keyboard.type("Nor");
    await other.getByRole("option", { name: "North" }).waitFor();
    await other.keyboard.press("ArrowDown");
    await other.keyboard.press("Enter");
    await expectAccessible(other);
    await other.keyboard.press("Tab");
    await other.keyboard.press("Enter");
    await status(other, "1 Treffer").waitFor();
    await other.getByText("Filiale: North").waitFor();
    await expectAccessible(other);
    await other.getByRole("button", { name: "Bonn (geändert)", exact: true }).click();
    await other.getByRole("menuitem", { name: "Als neue Ansicht speichern" }).click();
    await other.getByRole("textbox", { name: "Name" }).fill("Nord");
    await other.getByRole("button", { name: "Speichern", exact: true }).click();
    await other.getByRole("button", { name: "Nord", exact: true }).waitFor();
    await other.goto("/customers");
    await status(other, "1.200 Kunden").waitFor();
    await other.getByRole("button", { name: "Alle Kunden", exact: true }).click();
    await other.getByRole("menuitem", { name: "Nord", exact: true }).click();
    await status(other, "1 Treffer").waitFor();
    await other.getByRole("button", { name: "Filter entfernen: Filiale: North" }).waitFor();

    await views("Bonn").click();
    await page.getByRole("menuitem", { name: "Delete view" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete view" }).click();
    await status(page, "1,200 customers").waitFor();
    // Another person's own view is private.
    expect((await enterprise.client.listViews()).data).toEqual([]);
  });

  test("changes customers in bulk, shows the progress and undoes the change", async () => {
    const enterprise = await testConsole.enterprise();
    await fill(enterprise);
    const page = await testConsole.signedIn({ enterprise, role: "editor" });
    await row(page, "Name 0001").waitFor();
    const acts = page.getByRole("group", { name: "Selected customers" });
    const notice = page.getByRole("region", { name: "Bulk change" });
    const undo = async (message: string) => {
      await notice.getByRole("button", { name: "Undo" }).click();
      await notice.getByText(message).waitFor();
      await notice.getByRole("button", { name: "Dismiss" }).click();
      await notice.waitFor({ state: "detached" });
    };

    // The first row, extended to the third by a Shift click.
    await grid(page).focus();
    await page.keyboard.press("Space");
    await row(page, "Name 0003")
      .getByRole("gridcell")
      .first()
      .click({ modifiers: ["Shift"] });
    await acts.getByText("3 selected").waitFor();
    await acts.getByRole("button", { name: "Edit tags" }).click();
    await page.getByLabel("Add tags").and(page.locator("input")).fill("Regular");
    await page.keyboard.press("Enter");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Update 3 customers" }).click();
    await notice.getByText("3 customers updated.").waitFor();
    await expectAccessible(page);
    const tagId = (await enterprise.client.listTags()).data[0]!.id;
    expect(await totalOf(enterprise, { tag_ids: [tagId] })).toBe(3);
    await row(page, "Name 0002").getByText("Regular").waitFor();
    await undo("Undone: 3 customers restored.");
    expect(await totalOf(enterprise, { tag_ids: [tagId] })).toBe(0);

    // All matching customers but one.
    await page.goto('/customers?filter={"city":"Bonn"}');
    await status(page, "300 results").waitFor();
    await page.getByRole("checkbox", { name: "Select all matching customers" }).click();
    await row(page, "Name 0005").getByRole("gridcell").first().click();
    await acts.getByText("299 selected").waitFor();
    await acts.getByRole("button", { name: "Edit field" }).click();
    await choose(page, "Field", "E-mail");
    await page.getByRole("textbox", { name: "New value for E-mail" }).fill("nobody");
    await page.getByRole("button", { name: "Update 299 customers" }).click();
    await page.getByText("This is not an e-mail address.").waitFor();
    await expectAccessible(page);
    await choose(page, "Field", "City");
    await page.getByRole("textbox", { name: "New value for City" }).fill("Siegburg");
    await page.getByRole("button", { name: "Update 299 customers" }).click();
    await notice.getByText("299 customers updated.").waitFor();
    expect(await totalOf(enterprise, { filter: { city: "Siegburg" } })).toBe(299);
    await undo("Undone: 299 customers restored.");
    expect(await totalOf(enterprise, { filter: { city: "Bonn" } })).toBe(300);

    // Delete all of them; one was created after counting.
    await page.getByRole("checkbox", { name: "Select all matching customers" }).click();
    await acts.getByText("300 selected").waitFor();
    const late = { customfields: [{ id: "city", value: "Bonn" }] };
    await enterprise.client.createCustomer({ body: late });
    await acts.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete 300 customers" }).click();
    await page.getByText("The number of matching customers has changed.").waitFor();
    await page.getByRole("button", { name: "Delete 301 customers" }).click();
    await notice.getByText("301 customers deleted.").waitFor();
    await page.getByRole("heading", { name: "No customers found" }).waitFor();
    expect(await totalOf(enterprise, {})).toBe(900);
    await undo("Undone: 301 customers restored.");
    expect(await totalOf(enterprise, {})).toBe(1_201);
    await status(page, "301 results").waitFor();

    const exported = async (count: number, format: string) => {
      await acts.getByRole("button", { name: "Export" }).click();
      await page.getByRole("radio", { name: format }).click();
      await expectAccessible(page);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: `Export ${count} customers` }).click(),
      ]);
      await acts.getByRole("button", { name: "Clear selection" }).click();
      return { name: download.suggestedFilename(), text: await textOf(download) };
    };
    await page.getByRole("checkbox", { name: "Select all matching customers" }).click();
    const workbook = await exported(301, "Excel workbook (.xlsx)");
    expect(workbook.name).toMatch(/\.xlsx$/);
    expect(workbook.text.slice(0, 2)).toBe("PK");

    await page.getByRole("checkbox", { name: "Select all matching customers" }).click();
    await row(page, "Name 0005").getByRole("gridcell").first().click();
    const others = await exported(300, "CSV (.csv)");
    expect(others.name).toMatch(/\.csv$/);
    expect(others.text.trimEnd().split("\n")).toHaveLength(301);
    expect(others.text).toContain("K-0001");
    expect(others.text).not.toContain("K-0005");

    // More individual ids than a URL could hold.
    await page.goto('/customers?filter={"city":"Köln"}');
    await status(page, "900 results").waitFor();
    await row(page, "Name 0002").getByRole("gridcell").first().click();
    await grid(page).press("End");
    await row(page, "Name 1200")
      .getByRole("gridcell")
      .first()
      .click({ modifiers: ["Shift"] });
    const named = await exported(900, "CSV (.csv)");
    expect(named.text.trimEnd().split("\n")).toHaveLength(901);
    expect(named.text).not.toContain("Bonn");
  });

  test("explains the first steps to an empty enterprise, and fits a phone and dark mode", async () => {
    const page = await testConsole.signedIn({ colorScheme: "dark", viewport: { width: 360, height: 740 } });
    await page.getByRole("heading", { name: "No customers yet" }).waitFor();
    await expectAccessible(page);
    await fill(page.enterprise);
    await page.goto("/customers?q=%22%22&sort=externalId&sort_type=desc&filter[city]=1&tag_ids=nonsense");
    await row(page, "Name 1200").waitFor();
    expect(await columnNames(page)).toEqual(["Name", "Phone"]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await row(page, "Name 1200").getByRole("gridcell").first().click();
    await page.getByRole("group", { name: "Selected customers" }).waitFor();
    await expectAccessible(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  });
});
