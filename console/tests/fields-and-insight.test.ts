import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, type Enterprise, expectAccessible, startConsole } from "./start-console.ts";

describeInBrowser("fields, categories and insight", () => {
  const testConsole = startConsole();

  /** Two categories with fields, and customers with values in them. */
  async function sample() {
    const enterprise = await testConsole.enterprise();
    const { client } = enterprise;
    const { data: category } = await client.createCategory({ body: { name: "Preferences" } });
    const field = async (label: string, rest: object = {}) =>
      (await client.createCustomField({ body: { label, type: "TEXT", category_id: category.id, ...rest } }))
        .data.id;
    const ids = {
      card: await field("Card number"),
      level: await field("Level", { type: "SELECT", select_options: ["Bronze", "Silver", "Gold"] }),
      note: await field("Remark"),
    };
    const customer = async (firstName: string, values: Record<string, string>) =>
      (
        await client.createCustomer({
          body: {
            customfields: [
              { id: "firstName", value: firstName },
              ...Object.entries(values).map(([id, value]) => ({ id, value })),
            ],
          },
        })
      ).data.id;
    const customers = {
      ann: await customer("Ann", { [ids.card]: "12", [ids.level]: "Gold", email: "ann@example.com" }),
      ben: await customer("Ben", { [ids.card]: "K-7", [ids.level]: "Gold" }),
      cia: await customer("Cia", { [ids.card]: "12" }),
      dan: await customer("Dan", {}),
    };
    return { enterprise, client, category, ids, customers };
  }

  const soon = { timeout: 30_000 };
  const open = async (page: Page, path: string, heading: string) => {
    await page.goto(path);
    await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
  };
  const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const box = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });
  const section = (page: Page, name: string | RegExp) => page.getByRole("region", { name, exact: true });
  const said = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });
  const act = async (page: Page, of: string, name: string) => {
    await button(page, `Actions for ${of}`).click();
    await page.getByRole("menuitem", { name }).click();
  };
  const fieldsOf = async ({ client }: Pick<Enterprise, "client">, categoryId: string) =>
    (await client.listCustomFields({ category_id: categoryId })).data.map(({ label }) => label);
  const heads = (page: Page) => page.getByRole("heading", { level: 2 }).allTextContents();

  test("drags fields by keyboard and pointer, within and between categories", async () => {
    const { enterprise, category, client } = await sample();
    const page = await testConsole.signedIn({ enterprise, viewport: { width: 1280, height: 1400 } });
    await open(page, "/fields", "Fields");
    await section(page, "Preferences").waitFor();
    await expectAccessible(page);

    await button(page, "Move Notes").focus();
    await page.keyboard.press("Space");
    await said(page, "Picked up Notes.").waitFor();
    await page.keyboard.press("ArrowDown");
    await said(page, /^Notes is over position \d of 4 in Preferences\.$/).waitFor();
    await page.keyboard.press("Escape");
    await said(page, "Moving Notes was cancelled.").waitFor();
    expect(await fieldsOf(enterprise, category.id)).toEqual(["Card number", "Level", "Remark"]);

    await button(page, "Move Remark").focus();
    await page.keyboard.press("Space");
    await said(page, "Picked up Remark.").waitFor();
    await page.keyboard.press("ArrowUp");
    await said(page, "Remark is over position 2 of 3 in Preferences.").waitFor();
    await page.keyboard.press("Space");
    await said(page, "Dropped Remark at position 2 of 3 in Preferences.").waitFor();
    await expect
      .poll(() => fieldsOf(enterprise, category.id), soon)
      .toEqual(["Card number", "Remark", "Level"]);

    // By pointer, to the end of another category.
    const from = (await button(page, "Move Level").boundingBox())!;
    const to = (await button(page, "Move Birthday").boundingBox())!;
    await page.mouse.move(from.x + 8, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x + 8, from.y - 30, { steps: 3 });
    await page.mouse.move(to.x + 8, to.y + 8, { steps: 8 });
    await said(page, /^Level is over position 12 of 14 in Customer essentials\.$/).waitFor();
    await page.mouse.up();
    const essentials = (await client.listCategories({})).data.find(({ isDefault }) => isDefault)!.id;
    const last = async () => (await fieldsOf(enterprise, essentials)).slice(-3);
    await expect.poll(last, soon).toEqual(["Level", "Birthday", "Notes"]);

    // Through the menu, past the end of a category.
    await act(page, "Notes", "Move down");
    await said(page, "Notes moved to position 1 of 3 in Preferences.").waitFor();
    await expect
      .poll(() => fieldsOf(enterprise, category.id), soon)
      .toEqual(["Notes", "Card number", "Remark"]);
    await act(page, "Preferences", "Move up");
    await said(page, "Preferences moved to position 1 of 2.").waitFor();
    await page.reload();
    await section(page, "Preferences").waitFor();
    expect(await heads(page)).toEqual(["Preferences", "Customer essentials"]);

    const german = await testConsole.signedIn({
      enterprise,
      locale: "de",
      colorScheme: "dark",
      viewport: { width: 360, height: 800 },
    });
    await open(german, "/fields", "Felder");
    await button(german, "Remark verschieben").focus();
    await german.keyboard.press("Space");
    await said(german, "Remark aufgenommen.").waitFor();
    await german.keyboard.press("ArrowUp");
    await said(german, /^Remark ist über Position \d von 3 in Preferences\.$/).waitFor();
    await german.keyboard.press("Escape");
    await said(german, "Verschieben von Remark abgebrochen.").waitFor();
    await expectAccessible(german);
  });

  test("translates the names of default fields until they are renamed", async () => {
    const { enterprise, client } = await sample();
    const page = await testConsole.signedIn({
      enterprise,
      locale: "de",
      viewport: { width: 1280, height: 1400 },
    });
    await open(page, "/fields", "Felder");
    const essentials = section(page, "Stammdaten");
    await essentials.waitFor();
    const buttons = await essentials.getByRole("listitem").getByRole("button").allTextContents();
    expect(buttons.filter((text) => text !== "")).toEqual([
      "Anrede",
      "Vorname",
      "Nachname",
      "Firma",
      "E-Mail",
      "Mobiltelefon",
      "Festnetz",
      "Straße",
      "Postleitzahl",
      "Ort",
      "Land",
      "Geburtstag",
      "Notizen",
    ]);

    // Unchanged translated names keep their original names in the API.
    await button(page, "Anrede").click();
    await page.getByText("Name in der API: Salutation").waitFor();
    await expectAccessible(page);
    const shown = page.getByRole("textbox", { name: /^Option \d$/ });
    const options = () =>
      shown.evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
    expect(await options()).toEqual(["Herr", "Frau (Mrs)", "Frau", "Mx (ohne Geschlecht)", "Dr."]);
    await box(page, "Option 4").fill("Divers");
    await button(page, "Speichern").click();
    await page.getByText("Anrede wurde gespeichert.").waitFor();
    const { data: salutation } = await client.fetchCustomField({ fieldId: "salutation" });
    expect(salutation.label).toBe("Salutation");
    expect(salutation.selectOptions.map(({ label }) => label)).toEqual(["Mr", "Mrs", "Ms", "Divers", "Dr"]);
    await button(page, "Aktionen für Stammdaten").click();
    await page.getByRole("menuitem", { name: "Umbenennen" }).click();
    await page.getByRole("dialog").locator("button[type=submit]:enabled").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await client.listCategories({})).data[0]!.name).toBe("Customer essentials");

    // Escape does not discard unsaved changes.
    const question = page.getByRole("dialog", { name: "Ohne Speichern verlassen?" });
    const drawer = page.getByRole("dialog", { name: "Vorname bearbeiten" });
    await button(page, "Vorname").click();
    await box(page, "Name").fill("Rufname");
    await page.keyboard.press("Escape");
    await question.waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    expect(await box(page, "Name").inputValue()).toBe("Rufname");
    await page.keyboard.press("Escape");
    await button(page, "Ohne Speichern verlassen").click();
    await drawer.waitFor({ state: "detached" });
    expect((await client.fetchCustomField({ fieldId: "firstName" })).data.label).toBe("First name");
    await button(page, "Vorname").click();
    await drawer.waitFor();
    await box(page, "Name").waitFor();
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });

    await button(page, "Vorname").click();
    await box(page, "Name").fill("Rufname");
    await button(page, "Speichern").click();
    await page.getByText("Rufname wurde gespeichert.").waitFor();
    await essentials.getByRole("button", { name: "Rufname", exact: true }).waitFor();
    expect((await client.fetchCustomField({ fieldId: "firstName" })).data.label).toBe("Rufname");
    await button(page, "Aktionen für Anrede").click();
    await page.getByRole("menuitem", { name: "Verlauf" }).click();
    const history = page.getByRole("dialog", { name: "Verlauf von Anrede" });
    await history.getByText("Ada Berger hat das Feld geändert").waitFor();
    await history
      .getByText("Optionen: Herr, Frau (Mrs), Frau, Mx (ohne Geschlecht) und Dr. → Herr, Frau")
      .waitFor();
    await page.keyboard.press("Escape");
    await history.waitFor({ state: "detached" });
    await button(page, "Aktionen für Rufname").click();
    await page.getByRole("menuitem", { name: "Nach unten" }).click();
    await said(page, /^Rufname verschoben: Position 3 von 13 in Stammdaten\.$/).waitFor();
    await button(page, "Nachname").waitFor();
  });

  test("creates a category and a field, shows errors next to inputs and tests sample values", async () => {
    const { enterprise, client } = await sample();
    const page = await testConsole.signedIn({ enterprise });
    await open(page, "/fields", "Fields");
    await button(page, "New category").click();
    await box(page, "Name").fill("Preferences");
    await page.keyboard.press("Enter");
    await page.getByText("Another category already has this name.").waitFor();
    await box(page, "Name").fill("Health");
    await page.keyboard.press("Enter");
    await page.getByText("This category has no fields. Create one or drag one here.").waitFor();

    await button(page, "New field in Health").click();
    await box(page, "Name").fill("Level");
    await box(page, "Pattern").fill("(");
    await box(page, "Sample values").fill("A1");
    await page.getByText("Fix the errors above before you test the field.").waitFor();
    await button(page, "Create field").click();
    await page.getByText(/^This is not a valid pattern: /).waitFor();
    await box(page, "Pattern").fill("[A-Z][0-9]");
    await box(page, "Sample values").fill(" A1\nA1\nnothing");
    await said(page, "2 of 3 samples are valid.").waitFor();
    const results = page.getByRole("table", { name: "Test results" });
    expect(await results.getByRole("cell").allTextContents()).toEqual([
      ...[" A1", "Saved as A1", "A1", "Saved unchanged"],
      ...["nothing", "Rejected: Does not match the pattern of the field."],
    ]);
    await expectAccessible(page);

    await page.getByRole("combobox", { name: "Type", exact: true }).selectOption("Single select");
    await button(page, "Create field").click();
    await page.getByText("Add at least one active option.").waitFor();
    await button(page, "Add option").click();
    await page.keyboard.type("Pollen");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Nuts");
    await button(page, "Move Nuts").focus();
    await page.keyboard.press("Space");
    await said(page, "Picked up Nuts.").waitFor();
    await page.keyboard.press("ArrowUp");
    await said(page, "Nuts is over position 1 of 2.").waitFor();
    await page.keyboard.press("Space");
    await said(page, "Dropped Nuts at position 1 of 2.").waitFor();
    await box(page, "Sample values").fill("Nuts\nBees");
    await said(page, "1 of 2 samples is valid.").waitFor();
    await page.getByText("Rejected: not one of the options.").waitFor();
    await button(page, "Create field").click();
    await page.getByText("Another field already has this name.").waitFor();
    await box(page, "Name").fill("Allergies");
    await button(page, "Create field").click();
    await page.getByText("Allergies has been created.").waitFor();
    const made = (await client.listCustomFields({ q: "Allergies" })).data[0]!;
    expect(made).toMatchObject({ type: "SELECT", categoryId: expect.any(String), validation: {} });
    expect(made.selectOptions.map(({ label }) => label)).toEqual(["Nuts", "Pollen"]);

    await act(page, "Health", "Rename");
    await box(page, "Name").fill("Well-being");
    await page.keyboard.press("Enter");
    await section(page, "Well-being").waitFor();
    await act(page, "Well-being", "Delete");
    await page.getByText("Its field moves to Customer essentials and keeps its values.").waitFor();
    await expectAccessible(page);
    await button(page, "Delete category").click();
    await section(page, "Well-being").waitFor({ state: "detached" });
    await section(page, "Customer essentials").getByText("Allergies").waitFor();
    await button(page, "Actions for Customer essentials").click();
    await page.getByText(/^This is the default category/).waitFor();
  });

  test("shows the effects of a change on customers before saving it", async () => {
    const { enterprise, client, ids, customers } = await sample();
    const page = await testConsole.signedIn({ enterprise });
    await open(page, "/fields", "Fields");
    await button(page, "Card number").click();
    await page.getByRole("combobox", { name: "Type", exact: true }).selectOption("Number");
    await page.getByRole("switch", { name: /^Required A customer/ }).click();
    await page.getByRole("switch", { name: /^Unique/ }).click();
    await button(page, "Save").click();
    const refused = page.getByRole("heading", { name: "This change is not possible yet" });
    await refused.waitFor();
    expect(await refused.evaluate((element) => element === document.activeElement)).toBe(true);
    const alerts = page.getByRole("alert");
    expect(await alerts.allTextContents()).toEqual([
      expect.stringContaining("1 customer has no value, but the field would be required."),
      expect.stringContaining("1 customer has a value that does not fit the new type."),
      expect.stringContaining(
        "2 customers have the same value as another customer, but values would be unique.",
      ),
    ]);
    const named = page.getByRole("link", { name: "Ben", exact: true });
    expect(await named.getAttribute("href")).toBe(`/customers/${customers.ben}`);
    await expectAccessible(page);
    const before = await client.fetchCustomField({ fieldId: ids.card });
    expect(before.data).toMatchObject({ type: "TEXT", isMandatory: false, isUnique: false });

    // Renaming alone has no effects, so it is saved at once.
    await button(page, "Back to the form").click();
    await page.getByRole("combobox", { name: "Type", exact: true }).selectOption("Single-line text");
    await page.getByRole("switch", { name: /^Required A customer/ }).click();
    await page.getByRole("switch", { name: /^Unique/ }).click();
    await box(page, "Name").fill("Card");
    await button(page, "Save").click();
    await page.getByText("Card has been saved.").waitFor();

    await button(page, "Level").click();
    await page.getByRole("switch", { name: "Gold is active" }).press("Space");
    await box(page, "Option 1").fill("Copper");
    await button(page, "Remove Silver").click();
    await button(page, "Save").click();
    await page.getByRole("heading", { name: "Effects of this change" }).waitFor();
    await page.getByText("Gold: 2 customers").waitFor();
    await page.getByText("Silver: no customers").waitFor();
    await expectAccessible(page);
    await button(page, "Apply change").click();
    await page.getByText("Level has been saved.").waitFor();
    const { data: level } = await client.fetchCustomField({ fieldId: ids.level });
    expect(level.selectOptions.map(({ value, label, isActive }) => [value, label, isActive])).toEqual([
      ["Bronze", "Copper", true],
      ["Gold", "Gold", false],
    ]);

    await act(page, "Level", "History");
    const history = page.getByRole("dialog", { name: "History of Level" });
    await history.getByText("Ada Berger changed the field").waitFor();
    await history.getByText("Copper and Gold (inactive)").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await act(page, "Card", "Delete");
    await page
      .getByText("3 customers have a value in this field. These values are deleted with the field.")
      .waitFor();
    await expectAccessible(page);
    await button(page, "Delete field and 3 values").click();
    await page.getByText("Card has been deleted.").waitFor();
    await expect(client.fetchCustomField({ fieldId: ids.card })).rejects.toMatchObject({ status: 404 });
    await button(page, "Actions for E-mail").click();
    await page.getByText(/you cannot delete it; deactivate it instead\.$/).waitFor();
    await page.keyboard.press("Escape");
    await button(page, "E-mail").click();
    await page.getByText("You cannot change the type of a standard field.").waitFor();
    expect(await page.getByRole("combobox", { name: "Type", exact: true }).isDisabled()).toBe(true);
  });

  test("resolves edit conflicts without losing changes", async () => {
    const { enterprise, client, category, ids } = await sample();
    const page = await testConsole.signedIn({ enterprise });
    await open(page, "/fields", "Fields");
    await button(page, "Remark").click();
    await box(page, "Name").fill("Hint");
    await client.updateCustomField({ fieldId: ids.note, body: { label: "Comment", placeholder: "…" } });
    await button(page, "Save").click();
    const conflict = page.getByRole("alert").filter({ hasText: "Someone else has changed this field" });
    await conflict.waitFor();
    expect(await conflict.getByRole("row").allTextContents()).toEqual([
      "AttributeCurrent valueYour change",
      "NameCommentHint",
      "Placeholder……",
    ]);
    await expectAccessible(page);
    await button(page, "Save my changes").click();
    await page.getByText("Hint has been saved.").waitFor();
    const { data } = await client.fetchCustomField({ fieldId: ids.note });
    expect(data).toMatchObject({ label: "Hint", placeholder: "…" });

    await button(page, "Hint").click();
    await box(page, "Name").fill("Mine");
    await client.updateCustomField({ fieldId: ids.note, body: { label: "Theirs" } });
    await button(page, "Save").click();
    await button(page, "Discard my changes").click();
    expect(await box(page, "Name").inputValue()).toBe("Theirs");
    await page.keyboard.press("Escape");

    await act(page, "Preferences", "Rename");
    await page.getByRole("dialog").locator("button[type=submit]:enabled").waitFor();
    await client.updateCategory({ categoryId: category.id, body: { name: "Likes" } });
    await box(page, "Name").fill("Wishes");
    await page.keyboard.press("Enter");
    await page.getByText(/^Someone else has changed this in the meantime\./).waitFor();
    const names = (await client.listCategories({})).data.map(({ name }) => name);
    expect(names).toEqual(["Customer essentials", "Likes"]);
  });

  test("is read-only without the administrator role", async () => {
    const { enterprise } = await sample();
    const page = await testConsole.signedIn({ enterprise, role: "editor" });
    await open(page, "/fields", "Fields");
    await section(page, "Preferences").waitFor();
    expect(await button(page, "New field").count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Move / }).count()).toBe(0);
    await button(page, "Level").click();
    await box(page, "Option 1").waitFor();
    expect(await box(page, "Name").isDisabled()).toBe(true);
    expect(await button(page, "Save").count()).toBe(0);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await button(page, "Actions for Level").click();
    expect(await page.getByRole("menuitem").allTextContents()).toEqual(["View", "History"]);
  });

  test("shows numbers as charts and tables that link to the customers behind them", async () => {
    const { enterprise, client, ids, customers } = await sample();
    const { data: tag } = await client.createTag({ body: { name: "VIP" } });
    await client.updateCustomer({ customerId: customers.ann, body: { tag_ids: [tag.id] } });
    const companyIds: Record<string, string> = {};
    for (const [name, customerId] of [
      ["North", customers.ann],
      ["South", customers.ben],
    ] as const) {
      const { data: company } = await client.createCompany({ body: { name } });
      companyIds[name] = company.id;
      const body = { type: "booking", start_date: "2026-01-05T09:00:00Z", company_id: company.id };
      await client.createEvent({ customerId, body });
    }
    await client.deleteCustomer({ customerId: customers.dan });
    const page = await testConsole.signedIn({ enterprise });
    await open(page, "/insight", "Insights");
    const asTable = async (title: string | RegExp) => {
      const figure = section(page, title);
      await figure.getByRole("img").first().waitFor();
      await figure.getByRole("button", { name: "View as table" }).click();
      return figure.getByRole("row").allTextContents();
    };
    await section(page, "3 customers in total").locator("svg.recharts-surface").first().waitFor();
    await expectAccessible(page);

    const growth = await asTable("3 customers in total");
    expect([growth.length, growth[0], growth[1]?.endsWith("0"), growth.at(-1)?.endsWith("3")]).toEqual([
      31,
      "DayCustomers",
      true,
      true,
    ]);
    expect((await asTable("4 new and 1 deleted customers in the last 30 days")).at(-1)).toMatch(/41$/);
    const known = await asTable(/of all fields are filled in for 3 customers$/);
    expect(known).toEqual(expect.arrayContaining(["E-mail33%12", "First name100%30", "Card number100%30"]));
    await page.getByText(/^As of \d{1,2}:\d\d\s[AP]M$/).waitFor();
    const byCompany = "E-mail: filled in for 100% of customers at North, for 0% at South";
    expect(await asTable(byCompany)).toEqual([
      "BranchE-mail filled inFilled in (customers)Missing (customers)",
      "North100%10",
      "South0%01",
    ]);
    await page.getByRole("combobox", { name: "Field" }).selectOption("Level");
    await section(page, "Level: filled in for 100% of customers at every branch").waitFor();
    expect(await asTable(/has the most customers: 1$/)).toHaveLength(3);
    expect(await asTable("1 of 3 customers have tags")).toEqual(["TagCustomers", "VIP1"]);
    await section(page, "Imports in the last 30 days").getByText("No imports in the last 30 days.").waitFor();
    await expectAccessible(page);

    await page.getByText("1 year", { exact: true }).click();
    const byMonth = section(page, "4 new and 1 deleted customers in the last year");
    await expect.poll(() => byMonth.getByRole("row").count(), soon).toBeGreaterThan(11);
    expect(await byMonth.getByRole("columnheader").first().textContent()).toBe("Month");

    const search = () => new URL(page.url()).searchParams;
    await page.getByRole("link", { name: "1 customer without Level" }).click();
    await page.getByRole("heading", { level: 1, name: /Customers/ }).waitFor();
    expect(JSON.parse(search().get("filter_is")!)).toEqual({ [ids.level]: "unset" });
    await page.goBack();
    await page.getByRole("link", { name: "1 customer tagged VIP" }).click();
    await page.getByRole("heading", { level: 1, name: /Customers/ }).waitFor();
    expect(JSON.parse(search().get("tag_ids")!)).toEqual([tag.id]);
    await page.goBack();
    await page.getByRole("link", { name: "1 customer at South without E-mail" }).click();
    await page.getByText("Branch: South", { exact: true }).waitFor();
    await page.getByText("E-mail is empty", { exact: true }).waitFor();
    await page.getByRole("row", { name: /Ben/ }).waitFor();
    await said(page, "1 result").waitFor();
    await page.goBack();
    await asTable(/has the most customers: 1$/);
    await page.getByRole("link", { name: "North", exact: true }).click();
    await page.getByText("Branch: North", { exact: true }).waitFor();
    await page.getByRole("row", { name: /Ann/ }).waitFor();
    await said(page, "1 result").waitFor();
    expect(JSON.parse(search().get("company_ids")!)).toEqual([companyIds["North"]]);
    await expectAccessible(page);

    const german = await testConsole.signedIn({
      locale: "de",
      colorScheme: "dark",
      viewport: { width: 360, height: 800 },
    });
    await open(german, "/insight", "Auswertungen");
    await german.getByText("Noch keine Kunden.").waitFor();
    await german.getByText("Dieses Diagramm erscheint, sobald Sie Kunden haben.").waitFor();
    await expectAccessible(german);
  });
});
