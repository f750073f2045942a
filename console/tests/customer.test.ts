import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, type Enterprise, expectAccessible, startConsole } from "./start-console.ts";

describeInBrowser("the customer page", () => {
  const testConsole = startConsole();

  /** An enterprise with a field of each type, and a customer with values in most of them. */
  async function sample() {
    const enterprise = await testConsole.enterprise();
    const { client } = enterprise;
    const { data: category } = await client.createCategory({ body: { name: "Preferences" } });
    const field = async (body: { label: string; type: "TEXT" } & Record<string, unknown>) =>
      (await client.createCustomField({ body: { ...body, category_id: category.id } })).data.id;
    const own = (label: string, type: string, rest = {}) => field({ label, type: type as "TEXT", ...rest });
    const ids = {
      size: await own("Shoe size", "NUMBER", { validation: { min: 20, max: 60 } }),
      news: await own("Newsletter", "CHECKBOX"),
      site: await own("Web site", "URL"),
      level: await own("Level", "SELECT", { select_options: ["Bronze", "Silver", "Gold"] }),
      likes: await own("Interests", "MULTI_SELECT", { select_options: ["Massage", "Facial", "Nails"] }),
      card: await own("Card number", "TEXT", { is_unique: true }),
    };
    await client.updateCustomField({ fieldId: "lastName", body: { is_mandatory: true } });
    const { data: branch } = await client.createCompany({ body: { name: "Harbour branch" } });
    const named = (firstName: string, lastName: string, ...rest: { id: string; value: string }[]) => [
      { id: "firstName", value: firstName },
      { id: "lastName", value: lastName },
      ...rest,
    ];
    const { data: other } = await client.createCustomer({
      body: { customfields: named("Bo", "Holder", { id: ids.card, value: "K-1" }) },
    });
    const { data: customer } = await client.createCustomer({
      body: {
        external_id: "E-77",
        customfields: named(
          "Erika",
          "Muster",
          { id: "email", value: "erika@example.com" },
          { id: "mobilePhone", value: "+4915112345678" },
          { id: ids.level, value: "Gold" },
        ),
      },
    });
    return { enterprise, client, ids, branch, other, customer };
  }

  const open = async (page: Page, id: string, name = "Erika Muster") => {
    await page.goto(`/customers/${id}`);
    await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  };
  const box = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });
  const status = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });
  const choose = async (page: Page, name: string, option: string) => {
    await page.getByRole("combobox", { name, exact: true }).click();
    await page.getByRole("option", { name: option, exact: true }).click();
  };
  const valuesOf = async ({ client }: Pick<Enterprise, "client">, customerId: string) => {
    const { data } = await client.fetchCustomer({ customerId });
    const fields = data.fields.map((field) => [
      field.defaultId || field.label,
      field.isMultiple ? field.values : field.value,
    ]);
    return { ...data, values: Object.fromEntries(fields) as Record<string, unknown> };
  };

  test("creates a customer by keyboard and shows errors next to missing values", async () => {
    const { enterprise, client } = await sample();
    const page = await testConsole.signedIn({ enterprise, role: "editor" });
    await page.goto("/customers/new");
    await page.getByRole("heading", { level: 1, name: "New customer" }).waitFor();
    await expectAccessible(page);

    await box(page, "First name").focus();
    await page.keyboard.type("Jürgen");
    await page.keyboard.press("Control+s");
    await page.getByText("Fill in this required field.").waitFor();
    await expectAccessible(page);
    expect(await box(page, "Last name").evaluate((input) => input === document.activeElement)).toBe(true);
    await page.keyboard.type("Öztürk");
    await page.keyboard.press("Control+s");
    await page.getByRole("heading", { level: 1, name: "Jürgen Öztürk" }).waitFor();
    expect((await client.listCustomers({ q: "Öztürk" })).total).toBe(1);
    expect(await page.title()).toBe("Jürgen Öztürk · Clientele");
  });

  test("edits every field type in place", async () => {
    const { enterprise, customer } = await sample();
    const page = await testConsole.signedIn({ enterprise });
    await open(page, customer.id);
    expect(await page.getByRole("link", { name: "erika@example.com" }).getAttribute("href")).toBe(
      "mailto:erika@example.com",
    );
    expect(await page.getByRole("link", { name: "+49 1511 2345678" }).getAttribute("href")).toBe(
      "tel:+4915112345678",
    );
    await expectAccessible(page);

    await box(page, "E-mail").fill("e.muster@example.org");
    await box(page, "Landline phone").fill("(020) 7946 0018");
    await choose(page, "Country code of Landline phone", "+44 United Kingdom");
    await page.getByRole("button", { name: "Birthday: open calendar" }).click();
    await page.getByRole("dialog", { name: "Birthday: open calendar" }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await box(page, "Birthday").fill("1980-5-3");
    await box(page, "Notes").fill("Prefers mornings.\nSpeaks French.");
    await box(page, "Shoe size").fill("38.5");
    const newsletter = page.getByRole("radiogroup", { name: "Newsletter" });
    await newsletter.getByRole("radio", { name: "Not set" }).focus();
    await page.keyboard.press("ArrowLeft");
    await box(page, "Web site").fill("https://example.com/erika");
    await choose(page, "Level", "Silver");
    await choose(page, "Interests", "Massage");
    await page.getByRole("option", { name: "Nails", exact: true }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Tags" }).fill("Regular");
    await page.keyboard.press("Enter");
    await box(page, "External ID").fill("E-78");
    await status(page, "11 unsaved changes.").waitFor();
    await page.keyboard.press("Control+s");
    await status(page, /^Saved\.$/).waitFor();

    const saved = await valuesOf(enterprise, customer.id);
    expect(saved).toMatchObject({ externalId: "E-78", tags: [{ name: "Regular" }] });
    expect(saved.values).toMatchObject({
      email: "e.muster@example.org",
      birthday: "1980-05-03",
      notes: "Prefers mornings.\nSpeaks French.",
      "Shoe size": "38.5",
      Newsletter: "false",
      "Web site": "https://example.com/erika",
      Level: "Silver",
      Interests: ["Massage", "Nails"],
    });
    expect(JSON.parse(saved.values["landlinePhone"] as string)).toMatchObject({ phone: "+442079460018" });
    await page.getByRole("link", { name: "https://example.com/erika" }).waitFor();
  });

  test("shows every error next to its field, in the person's language; Escape reverts an entry", async () => {
    const { enterprise, customer, other } = await sample();
    const page = await testConsole.signedIn({ enterprise, locale: "de" });
    await open(page, customer.id);
    await box(page, "E-Mail").fill("niemand");
    await box(page, "Geburtstag").fill("31.02.1980");
    await box(page, "Shoe size").fill("61");
    await box(page, "Mobiltelefon").fill("12");
    await page.getByRole("button", { name: "Speichern" }).click();
    const fieldErrors = [
      ["E-Mail", "Das ist keine E-Mail-Adresse."],
      ["Geburtstag", "Das ist kein Datum wie 01.03.2026."],
      ["Shoe size", "Darf höchstens 60 sein."],
      ["Mobiltelefon", "Das ist keine gültige Telefonnummer im ausgewählten Land."],
    ] as const;
    await status(page, "Nicht gespeichert: Korrigieren Sie 4 Felder.").waitFor();
    for (const [name, fieldError] of fieldErrors) {
      const said = (await box(page, name).getAttribute("aria-describedby"))!;
      expect(await page.locator(`[id="${said.split(" ").at(-1)}"]`).textContent(), name).toBe(fieldError);
    }
    expect(await box(page, "E-Mail").evaluate((input) => input === document.activeElement)).toBe(true);
    await expectAccessible(page);

    for (const [name] of fieldErrors) await box(page, name).press("Escape");
    expect(await box(page, "E-Mail").inputValue()).toBe("erika@example.com");
    expect(await box(page, "Geburtstag").inputValue()).toBe("");
    // The history and the booking dialog use the same labels and errors.
    await page.getByRole("tab", { name: "Verlauf" }).click();
    await page.getByRole("rowheader", { name: "Vorname", exact: true }).waitFor();
    await page.getByRole("tab", { name: "Zeitleiste" }).click();
    await page.getByRole("button", { name: "Buchung hinzufügen" }).click();
    const booking = page.getByRole("dialog", { name: "Buchung hinzufügen" });
    await box(page, "Datum").fill("03.02.2026");
    await booking.getByRole("combobox", { name: "Typ" }).fill("");
    await booking.getByRole("button", { name: "Hinzufügen" }).click();
    await booking.getByText("Darf nicht leer sein").waitFor();
    await expectAccessible(page);
    await booking.getByRole("button", { name: "Abbrechen" }).last().click();
    await booking.waitFor({ state: "detached" });

    await box(page, "Card number").fill("K-1");
    await page.keyboard.press("Control+s");
    await page.getByText("Ein anderer Kunde hat diesen Wert bereits.").waitFor();
    await page.getByRole("link", { name: "Diesen Kunden öffnen" }).click();
    await page.getByRole("dialog", { name: "Ohne Speichern verlassen?" }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    expect(await box(page, "Card number").inputValue()).toBe("K-1");
    await page.getByRole("link", { name: "Diesen Kunden öffnen" }).click();
    await page.getByRole("button", { name: "Ohne Speichern verlassen" }).click();
    await page.getByRole("heading", { level: 1, name: "Bo Holder" }).waitFor();
    expect(page.url()).toContain(other.id);
  });

  test("shows both values of an edit conflict, keeps other changes and saves the selection", async () => {
    const { enterprise, client, customer } = await sample();
    const page = await testConsole.signedIn({ enterprise });
    await open(page, customer.id);
    const set = (id: string, value: string) =>
      client.updateCustomer({ customerId: customer.id, body: { customfields: [{ id, value }] } });

    await box(page, "City").fill("Hannover");
    await set("street", "Am Hafen 1");
    await page.keyboard.press("Control+s");
    await status(page, /^Saved\.$/).waitFor();
    expect(await box(page, "Street").inputValue()).toBe("Am Hafen 1");

    await box(page, "First name").fill("Erica");
    await box(page, "City").fill("Berlin");
    await box(page, "Notes").fill("Mine alone.");
    await set("firstName", "Eri");
    await set("city", "Bremen");
    await page.keyboard.press("Control+s");
    const dialog = page.getByRole("dialog", { name: "Someone else has changed this customer" });
    await dialog.getByText("Test app").waitFor();
    const choice = (field: string, value: string) =>
      dialog.getByRole("group", { name: field }).getByRole("radio", { name: value });
    await expectAccessible(page);
    await choice("First name", "Erica").check();
    await choice("City", "Bremen").check();
    await dialog.getByRole("button", { name: "Save selection" }).click();
    await dialog.waitFor({ state: "detached" });
    await status(page, /^Saved\.$/).waitFor();
    expect((await valuesOf(enterprise, customer.id)).values).toMatchObject({
      firstName: "Erica",
      city: "Bremen",
      notes: "Mine alone.",
      street: "Am Hafen 1",
    });
  });

  test("deletes and restores a customer, and shows and restores earlier versions", async () => {
    const { enterprise, client, customer, branch } = await sample();
    await client.updateCustomer(
      { customerId: customer.id, body: { customfields: [{ id: "city", value: "Hamburg" }] } },
      { companyId: branch.id },
    );
    const page = await testConsole.signedIn({ enterprise, name: "Ada Berger" });
    await open(page, customer.id);
    await box(page, "City").fill("Bremen");
    await page.keyboard.press("Control+s");
    await status(page, /^Saved\.$/).waitFor();

    await page.getByRole("tab", { name: "History" }).press("Enter");
    const history = page.getByRole("tabpanel", { name: "History" });
    await history.getByText("Branch: Harbour branch").waitFor();
    await history.getByText("Ada Berger").waitFor();
    const last = history.getByRole("table", { name: "Changes in version 3" }).getByRole("row");
    expect(await last.last().getByRole("cell").allTextContents()).toEqual(["Hamburg", "Bremen"]);
    await expectAccessible(page);

    await history.getByRole("button", { name: "View version 1" }).click();
    const past = page.getByRole("dialog", { name: "Version 1" });
    await past.getByText("erika@example.com").waitFor();
    await expectAccessible(page);
    await past.getByRole("button", { name: "Restore this version …" }).click();
    const restore = page.getByRole("dialog", { name: "Restore version 1?" });
    const wouldChange = restore.getByRole("table", { name: "Changes" }).getByRole("row");
    await wouldChange.nth(1).waitFor();
    expect(await wouldChange.allInnerTexts()).toEqual(["Field\tBefore\tAfter", "City\tBremen\tempty"]);
    await expectAccessible(page);
    await restore.getByRole("button", { name: "Restore" }).click();
    await restore.waitFor({ state: "detached" });
    await history.getByText("by restoring a version").waitFor();
    expect(await box(page, "City").inputValue()).toBe("");

    await history.getByRole("button", { name: "View an earlier date …" }).click();
    const ofDay = page.getByRole("dialog", { name: "View an earlier date" });
    await box(page, "Date").fill("2020-01-01");
    await ofDay.getByText("This customer did not exist on that date.").waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog", { name: "Delete Erika Muster?" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Delete customer" }).click();
    await page.getByRole("heading", { level: 1, name: "Erika Muster has been deleted" }).waitFor();
    await page.getByText("Ada Berger deleted this customer").waitFor();
    await page.getByRole("table", { name: "Changes in version 5" }).waitFor();
    await expectAccessible(page);
    await client.createCustomer({ body: { external_id: "E-77", ignore_mandatory_validation: true } });
    // The restore button has the focus.
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Fields with errors" }).getByText("External ID").waitFor();
    await page.getByRole("button", { name: "Restore without the external ID" }).click();
    await page.getByRole("heading", { level: 1, name: "Erika Muster", exact: true }).waitFor();
    expect(await valuesOf(enterprise, customer.id)).toMatchObject({ externalId: "", firstName: "Erika" });
  });

  test("shows a timeline of bookings and changes, and adds a booking", async () => {
    const { enterprise, client, customer, branch } = await sample();
    const event = { start_date: "2026-01-10T09:00:00Z", duration: 30 };
    await client.createEvent({ customerId: customer.id, body: { ...event, type: "call", title: "Voucher" } });
    const page = await testConsole.signedIn({ enterprise, role: "editor" });
    await open(page, customer.id);
    const timeline = page.getByRole("tabpanel", { name: "Timeline" });
    await timeline.getByText("created the customer").waitFor();
    await timeline.getByRole("button", { name: "Add booking" }).click();
    const dialog = page.getByRole("dialog", { name: "Add booking" });
    await dialog.getByRole("button", { name: "Add" }).click();
    await dialog.getByText("Enter a date.").waitFor();
    await expectAccessible(page);
    await box(page, "Title").fill("Massage");
    await box(page, "Date").fill("2026-02-03");
    await dialog.getByRole("combobox", { name: "Branch" }).click();
    await page.getByRole("option", { name: "Harbour branch" }).click();
    await dialog.getByRole("button", { name: "Add" }).click();
    await dialog.waitFor({ state: "detached" });
    await timeline.getByText("Massage").waitFor();
    await page.getByText("1 booking", { exact: true }).waitFor();
    const { data } = await client.listEvents({ customerId: customer.id, company_id: branch.id });
    expect(data).toMatchObject([{ title: "Massage", duration: 60, date: "2026-02-03" }]);
    await expectAccessible(page);

    await choose(page, "Show", "call");
    await timeline.getByText("Massage").waitFor({ state: "detached" });
    await timeline.getByText("Voucher").waitFor();
    await choose(page, "Show", "Everything");
    await choose(page, "Branch", "Harbour branch");
    await timeline.getByText("Voucher").waitFor({ state: "detached" });
    await timeline.getByText("Massage").waitFor();
  });

  test("is read-only for viewers, in dark mode and on a phone too", async () => {
    const { enterprise, customer } = await sample();
    const viewport = { width: 360, height: 720 };
    const page = await testConsole.signedIn({ enterprise, role: "viewer", colorScheme: "dark", viewport });
    await open(page, customer.id);
    await page.getByRole("definition").filter({ hasText: "Gold" }).waitFor();
    expect(await page.getByRole("textbox", { name: "First name" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /Delete|Save|Add/ }).count()).toBe(0);
    await expectAccessible(page);
    const narrow = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    expect(narrow).toBe(true);
    const editor = await testConsole.signedIn({ enterprise, role: "editor", colorScheme: "dark", viewport });
    await open(editor, customer.id);
    await expectAccessible(editor);
    await editor.getByRole("tab", { name: "History" }).click();
    await editor.getByText("1 change", { exact: true }).waitFor();
    await expectAccessible(editor);
    await editor.goto("/customers/0123456789abcdef01234567");
    await editor.getByRole("heading", { level: 1, name: "Page not found" }).waitFor();
  });
});
