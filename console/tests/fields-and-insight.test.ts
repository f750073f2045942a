import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, type Enterprise, expectAccessible, startConsole } from "./start-console.ts";

describeInBrowser("fields, categories and insight", () => {
  const testConsole = startConsole();

  /** Two categories with fields, and customers that have values in them. */
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
    await button(page, `More for ${of}`).click();
    await page.getByRole("menuitem", { name }).click();
  };
  const fieldsOf = async ({ client }: Pick<Enterprise, "client">, categoryId: string) =>
    (await client.listCustomFields({ category_id: categoryId })).data.map(({ label }) => label);
  const heads = (page: Page) => page.getByRole("heading", { level: 2 }).allTextContents();

  test("a field is dragged by keyboard and by pointer, within its category and into others", async () => {
    const { enterprise, category, client } = await sample();
    const page = await testConsole.signedIn({ enterprise, viewport: { width: 1280, height: 1400 } });
    await open(page, "/fields", "Fields");
    await section(page, "Preferences").waitFor();
    await expectAccessible(page);

    await button(page, "Move Notes").focus();
    await page.keyboard.press("Space");
    await said(page, "Notes is taken up.").waitFor();
    await page.keyboard.press("ArrowDown");
    await said(page, /^Notes would come to place \d of 4 in Preferences\.$/).waitFor();
    await page.keyboard.press("Escape");
    await said(page, "Notes stays where it was.").waitFor();
    expect(await fieldsOf(enterprise, category.id)).toEqual(["Card number", "Level", "Remark"]);

    await button(page, "Move Remark").focus();
    await page.keyboard.press("Space");
    await said(page, "Remark is taken up.").waitFor();
    await page.keyboard.press("ArrowUp");
    await said(page, "Remark would come to place 2 of 3 in Preferences.").waitFor();
    await page.keyboard.press("Space");
    await said(page, "Remark is put down at place 2 of 3 in Preferences.").waitFor();
    await expect
      .poll(() => fieldsOf(enterprise, category.id), soon)
      .toEqual(["Card number", "Remark", "Level"]);

    // To the head of another category, by pointer: behind its last field.
    const from = (await button(page, "Move Level").boundingBox())!;
    const to = (await button(page, "Move Birthday").boundingBox())!;
    await page.mouse.move(from.x + 8, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x + 8, from.y - 30, { steps: 3 });
    await page.mouse.move(to.x + 8, to.y + 8, { steps: 8 });
    await said(page, /^Level would come to place 12 of 14 in Customer essentials\.$/).waitFor();
    await page.mouse.up();
    const essentials = (await client.listCategories({})).data.find(({ isDefault }) => isDefault)!.id;
    const last = async () => (await fieldsOf(enterprise, essentials)).slice(-3);
    await expect.poll(last, soon).toEqual(["Level", "Birthday", "Notes"]);

    // Without dragging, and past the end of a category.
    await act(page, "Notes", "Move down");
    await said(page, "Notes is at place 1 of 3 in Preferences now.").waitFor();
    await expect
      .poll(() => fieldsOf(enterprise, category.id), soon)
      .toEqual(["Notes", "Card number", "Remark"]);
    await act(page, "Preferences", "Move up");
    await said(page, "Preferences is at place 1 of 2 now.").waitFor();
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
    await said(german, "Remark ist aufgenommen.").waitFor();
    await german.keyboard.press("ArrowUp");
    await said(german, /^Remark käme an Stelle \d von 3 in Preferences\.$/).waitFor();
    await german.keyboard.press("Escape");
    await said(german, "Remark bleibt, wo es war.").waitFor();
    await expectAccessible(german);
  });

  test("what every enterprise begins with is called in one's language, until it has a name of its own", async () => {
    const { enterprise, client } = await sample();
    const page = await testConsole.signedIn({
      enterprise,
      locale: "de",
      viewport: { width: 1280, height: 1400 },
    });
    await open(page, "/fields", "Felder");
    const essentials = section(page, "Das Wichtigste");
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

    // What is not called otherwise keeps the name that programs know.
    await button(page, "Anrede").click();
    await page.getByText("Programme kennen es als Salutation.").waitFor();
    await expectAccessible(page);
    const shown = page.getByRole("textbox", { name: /^Auswahl \d$/ });
    const options = () =>
      shown.evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
    expect(await options()).toEqual(["Herr", "Frau (Mrs)", "Frau", "Mx (ohne Geschlecht)", "Dr."]);
    await box(page, "Auswahl 4").fill("Divers");
    await button(page, "Speichern").click();
    await page.getByText("Anrede ist gespeichert.").waitFor();
    const { data: salutation } = await client.fetchCustomField({ fieldId: "salutation" });
    expect(salutation.label).toBe("Salutation");
    expect(salutation.selectOptions.map(({ label }) => label)).toEqual(["Mr", "Mrs", "Ms", "Divers", "Dr"]);
    await button(page, "Mehr zu Das Wichtigste").click();
    await page.getByRole("menuitem", { name: "Umbenennen" }).click();
    await page.getByRole("dialog").locator("button[type=submit]:enabled").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await client.listCategories({})).data[0]!.name).toBe("Customer essentials");

    // What was written is not lost by Escape.
    const question = page.getByRole("dialog", { name: "Verlassen, ohne zu speichern?" });
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
    await page.getByText("Rufname ist gespeichert.").waitFor();
    await essentials.getByRole("button", { name: "Rufname", exact: true }).waitFor();
    expect((await client.fetchCustomField({ fieldId: "firstName" })).data.label).toBe("Rufname");
    await button(page, "Mehr zu Anrede").click();
    await page.getByRole("menuitem", { name: "Verlauf" }).click();
    const history = page.getByRole("dialog", { name: "Verlauf von Anrede" });
    await history.getByText("Ada Berger hat es geändert").waitFor();
    await history
      .getByText("Auswahl: Herr, Frau (Mrs), Frau, Mx (ohne Geschlecht) und Dr. → Herr, Frau")
      .waitFor();
    await page.keyboard.press("Escape");
    await history.waitFor({ state: "detached" });
    await button(page, "Mehr zu Rufname").click();
    await page.getByRole("menuitem", { name: "Nach unten" }).click();
    await said(page, /^Rufname ist jetzt an Stelle 3 von 13 in Das Wichtigste\.$/).waitFor();
    await button(page, "Nachname").waitFor();
  });

  test("a category and a field are made; what is wrong is said beside it, and samples are tried", async () => {
    const { enterprise, client } = await sample();
    const page = await testConsole.signedIn({ enterprise });
    await open(page, "/fields", "Fields");
    await button(page, "New category").click();
    await box(page, "Name").fill("Preferences");
    await page.keyboard.press("Enter");
    await page.getByText("Another category is called so already.").waitFor();
    await box(page, "Name").fill("Health");
    await page.keyboard.press("Enter");
    await page.getByText("No field is in this category. Make one here, or drag one here.").waitFor();

    await button(page, "New field in Health").click();
    await box(page, "Name").fill("Level");
    await box(page, "Pattern").fill("(");
    await box(page, "Sample values").fill("A1");
    await page.getByText("The definition itself is not right yet; see above.").waitFor();
    await button(page, "Create field").click();
    await page.getByText(/^This is not a pattern: /).waitFor();
    await box(page, "Pattern").fill("[A-Z][0-9]");
    await box(page, "Sample values").fill(" A1\nA1\nnothing");
    await said(page, "2 of 3 samples would be kept.").waitFor();
    const told = page.getByRole("table", { name: "What becomes of each sample" });
    expect(await told.getByRole("cell").allTextContents()).toEqual([
      ...[" A1", "is kept as A1", "A1", "is kept as it is"],
      ...["nothing", "is refused: This does not have the form that the field asks for."],
    ]);
    await expectAccessible(page);

    await page.getByRole("combobox", { name: "Kind", exact: true }).selectOption("One choice");
    await button(page, "Create field").click();
    await page.getByText("At least one option that is offered is needed.").waitFor();
    await button(page, "Add option").click();
    await page.keyboard.type("Pollen");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Nuts");
    await button(page, "Move Nuts").focus();
    await page.keyboard.press("Space");
    await said(page, "Nuts is taken up.").waitFor();
    await page.keyboard.press("ArrowUp");
    await said(page, "Nuts would come to place 1 of 2.").waitFor();
    await page.keyboard.press("Space");
    await said(page, "Nuts is put down at place 1 of 2.").waitFor();
    await box(page, "Sample values").fill("Nuts\nBees");
    await said(page, "1 of 2 samples would be kept.").waitFor();
    await page.getByText("is refused: it is none of the options.").waitFor();
    await button(page, "Create field").click();
    await page.getByText("Another field is called so already.").waitFor();
    await box(page, "Name").fill("Allergies");
    await button(page, "Create field").click();
    await page.getByText("Allergies is there now.").waitFor();
    const made = (await client.listCustomFields({ q: "Allergies" })).data[0]!;
    expect(made).toMatchObject({ type: "SELECT", categoryId: expect.any(String), validation: {} });
    expect(made.selectOptions.map(({ label }) => label)).toEqual(["Nuts", "Pollen"]);

    await act(page, "Health", "Rename");
    await box(page, "Name").fill("Well-being");
    await page.keyboard.press("Enter");
    await section(page, "Well-being").waitFor();
    await act(page, "Well-being", "Delete");
    await page.getByText("Its field moves to Customer essentials; its values stay.").waitFor();
    await expectAccessible(page);
    await button(page, "Delete category").click();
    await section(page, "Well-being").waitFor({ state: "detached" });
    await section(page, "Customer essentials").getByText("Allergies").waitFor();
    await button(page, "More for Customer essentials").click();
    await page.getByText(/^This category takes the fields of categories that are deleted\./).waitFor();
  });

  test("what a change does to customers is shown before it is made", async () => {
    const { enterprise, client, ids, customers } = await sample();
    const page = await testConsole.signedIn({ enterprise });
    await open(page, "/fields", "Fields");
    await button(page, "Card number").click();
    await page.getByRole("combobox", { name: "Kind", exact: true }).selectOption("Number");
    await page.getByRole("switch", { name: /^Mandatory Nobody/ }).click();
    await page.getByRole("switch", { name: /^Unique/ }).click();
    await button(page, "Save").click();
    const refused = page.getByRole("heading", { name: "This cannot be done yet" });
    await refused.waitFor();
    expect(await refused.evaluate((element) => element === document.activeElement)).toBe(true);
    const alerts = page.getByRole("alert");
    expect(await alerts.allTextContents()).toEqual([
      expect.stringContaining("1 customer has no value, but it would be mandatory."),
      expect.stringContaining("1 customer has a value that does not fit the new kind."),
      expect.stringContaining("2 customers share the value with another, but it would be unique."),
    ]);
    const named = page.getByRole("link", { name: "Ben", exact: true });
    expect(await named.getAttribute("href")).toBe(`/customers/${customers.ben}`);
    await expectAccessible(page);
    const before = await client.fetchCustomField({ fieldId: ids.card });
    expect(before.data).toMatchObject({ type: "TEXT", isMandatory: false, isUnique: false });

    // Nobody is touched by another name alone: it is saved at once.
    await button(page, "Back to the form").click();
    await page.getByRole("combobox", { name: "Kind", exact: true }).selectOption("Text");
    await page.getByRole("switch", { name: /^Mandatory Nobody/ }).click();
    await page.getByRole("switch", { name: /^Unique/ }).click();
    await box(page, "Name").fill("Card");
    await button(page, "Save").click();
    await page.getByText("Card is saved.").waitFor();

    await button(page, "Level").click();
    await page.getByRole("switch", { name: "Gold is offered" }).press("Space");
    await box(page, "Option 1").fill("Copper");
    await button(page, "Remove Silver").click();
    await button(page, "Save").click();
    await page.getByRole("heading", { name: "What this change does" }).waitFor();
    await page.getByText("Gold: 2 customers have it").waitFor();
    await page.getByText("Silver: nobody has it").waitFor();
    await expectAccessible(page);
    await button(page, "Do it").click();
    await page.getByText("Level is saved.").waitFor();
    const { data: level } = await client.fetchCustomField({ fieldId: ids.level });
    expect(level.selectOptions.map(({ value, label, isActive }) => [value, label, isActive])).toEqual([
      ["Bronze", "Copper", true],
      ["Gold", "Gold", false],
    ]);

    await act(page, "Level", "History");
    const history = page.getByRole("dialog", { name: "History of Level" });
    await history.getByText("Ada Berger changed it").waitFor();
    await history.getByText("Copper and Gold (not offered)").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await act(page, "Card", "Delete");
    await page.getByText("3 customers have a value in it. These values go with the field.").waitFor();
    await expectAccessible(page);
    await button(page, "Delete the field and 3 values").click();
    await page.getByText("Card is deleted.").waitFor();
    await expect(client.fetchCustomField({ fieldId: ids.card })).rejects.toMatchObject({ status: 404 });
    await button(page, "More for E-mail").click();
    await page.getByText(/It cannot be deleted, but it can be switched off\.$/).waitFor();
    await page.keyboard.press("Escape");
    await button(page, "E-mail").click();
    await page.getByText("A field that comes with Clientele stays of its kind.").waitFor();
    expect(await page.getByRole("combobox", { name: "Kind", exact: true }).isDisabled()).toBe(true);
  });

  test("what somebody else has saved meanwhile is not lost", async () => {
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
      "WhatTheirsYours",
      "NameCommentHint",
      "Placeholder……",
    ]);
    await expectAccessible(page);
    await button(page, "Save mine").click();
    await page.getByText("Hint is saved.").waitFor();
    const { data } = await client.fetchCustomField({ fieldId: ids.note });
    expect(data).toMatchObject({ label: "Hint", placeholder: "…" });

    await button(page, "Hint").click();
    await box(page, "Name").fill("Mine");
    await client.updateCustomField({ fieldId: ids.note, body: { label: "Theirs" } });
    await button(page, "Save").click();
    await button(page, "Take theirs").click();
    expect(await box(page, "Name").inputValue()).toBe("Theirs");
    await page.keyboard.press("Escape");

    await act(page, "Preferences", "Rename");
    await page.getByRole("dialog").locator("button[type=submit]:enabled").waitFor();
    await client.updateCategory({ categoryId: category.id, body: { name: "Likes" } });
    await box(page, "Name").fill("Wishes");
    await page.keyboard.press("Enter");
    await page.getByText(/^Someone else has changed this meanwhile\./).waitFor();
    const names = (await client.listCategories({})).data.map(({ name }) => name);
    expect(names).toEqual(["Customer essentials", "Likes"]);
  });

  test("who does not administer looks at fields, and changes none", async () => {
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
    await button(page, "More for Level").click();
    expect(await page.getByRole("menuitem").allTextContents()).toEqual(["Look at it", "History"]);
  });

  test("numbers are shown as charts and as tables, and lead to the customers that they count", async () => {
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
    await open(page, "/insight", "Insight");
    const asTable = async (title: string | RegExp) => {
      const figure = section(page, title);
      await figure.getByRole("img").first().waitFor();
      await figure.getByRole("button", { name: "As a table" }).click();
      return figure.getByRole("row").allTextContents();
    };
    await section(page, "3 customers there are now").locator("svg.recharts-surface").first().waitFor();
    await expectAccessible(page);

    const growth = await asTable("3 customers there are now");
    expect([growth.length, growth[0], growth[1]?.endsWith("0"), growth.at(-1)?.endsWith("3")]).toEqual([
      31,
      "DayCustomers",
      true,
      true,
    ]);
    expect((await asTable("4 customers came and 1 went in the last 30 days")).at(-1)).toMatch(/41$/);
    const known = await asTable(/of what could be known of 3 customers is filled in$/);
    expect(known).toEqual(expect.arrayContaining(["E-mail33%12", "First name100%30", "Card number100%30"]));
    await page.getByText(/^Counted at \d{1,2}:\d\d\s[AP]M\.$/).waitFor();
    const byCompany = "E-mail: North knows it of 100% of its customers, South of 0%";
    expect(await asTable(byCompany)).toEqual([
      "CompanyE-mail filled inWith a valueWithout",
      "North100%10",
      "South0%01",
    ]);
    await page.getByRole("combobox", { name: "Field" }).selectOption("Level");
    await section(page, "Level: every company knows it of 100% of its customers").waitFor();
    expect(await asTable(/has the most customers: 1$/)).toHaveLength(3);
    expect(await asTable("1 of 3 customers have a tag")).toEqual(["TagCustomers", "VIP1"]);
    await section(page, "Imports of the last 30 days")
      .getByText("Nothing was imported in the last 30 days.")
      .waitFor();
    await expectAccessible(page);

    await page.getByText("One year", { exact: true }).click();
    const byMonth = section(page, "4 customers came and 1 went in the last year");
    await expect.poll(() => byMonth.getByRole("row").count(), soon).toBeGreaterThan(11);
    expect(await byMonth.getByRole("columnheader").first().textContent()).toBe("Month");

    const search = () => new URL(page.url()).searchParams;
    await page.getByRole("link", { name: "1 customer has no value in Level" }).click();
    await page.getByRole("heading", { level: 1, name: /Customers/ }).waitFor();
    expect(JSON.parse(search().get("filter_is")!)).toEqual({ [ids.level]: "unset" });
    await page.goBack();
    await page.getByRole("link", { name: "1 customer is tagged VIP" }).click();
    await page.getByRole("heading", { level: 1, name: /Customers/ }).waitFor();
    expect(JSON.parse(search().get("tag_ids")!)).toEqual([tag.id]);
    await page.goBack();
    await page.getByRole("link", { name: "1 customer at South without E-mail" }).click();
    await page.getByText("At South", { exact: true }).waitFor();
    await page.getByText("E-mail is empty", { exact: true }).waitFor();
    await page.getByRole("row", { name: /Ben/ }).waitFor();
    await said(page, "1 found").waitFor();
    await page.goBack();
    await asTable(/has the most customers: 1$/);
    await page.getByRole("link", { name: "North", exact: true }).click();
    await page.getByText("At North", { exact: true }).waitFor();
    await page.getByRole("row", { name: /Ann/ }).waitFor();
    await said(page, "1 found").waitFor();
    expect(JSON.parse(search().get("company_ids")!)).toEqual([companyIds["North"]]);
    await expectAccessible(page);

    const german = await testConsole.signedIn({
      locale: "de",
      colorScheme: "dark",
      viewport: { width: 360, height: 800 },
    });
    await open(german, "/insight", "Einblicke");
    await german.getByText("Es gibt noch keine Kunden.").waitFor();
    await german.getByText("Sobald es Kunden gibt, sehen Sie hier, was fehlt.").waitFor();
    await expectAccessible(german);
  });
});
