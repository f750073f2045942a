import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { deliveriesOf, startReceiver } from "../../server/src/testing/webhooks.ts";
import { describeInBrowser, expectAccessible, startConsole } from "./start-console.ts";

describeInBrowser("access", () => {
  const testConsole = startConsole({ webhookAllow: "127.0.0.1" });
  const receiver = startReceiver();
  const deliveries = deliveriesOf(testConsole.app, () => new Date());

  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
  const inDialog = (page: Page, name: string) =>
    page.getByRole("dialog").getByRole("button", { name, exact: true });
  const row = (page: Page, text: string) => page.getByRole("listitem").filter({ hasText: text });
  const shownAs = (page: Page, label: string) =>
    page.getByRole("dialog").getByRole("textbox", { name: label, exact: true }).inputValue();
  const tokenStatus = async (appid: string, appsecret: string) =>
    (await testConsole.app.call("POST", "/v1/auth/token", { body: { appid, appsecret } })).status;

  test("creates and renames branches, and limits an app to them", async () => {
    const page = await testConsole.signedIn();
    await page.goto("/access/companies");
    await page.getByText("No branches yet").waitFor();
    await expectAccessible(page);
    for (const [name, externalId] of [
      ["Berlin", "B-1"],
      ["Hamburg", ""],
    ] as const) {
      await button(page, "New branch").click();
      await page.getByRole("textbox", { name: "Name" }).fill(name);
      await page.getByRole("textbox", { name: "External ID" }).fill(externalId);
      await page.keyboard.press("Enter");
      await row(page, name).waitFor();
    }
    await row(page, "Berlin").getByText("External ID: B-1").waitFor();
    await button(page, "Edit: Hamburg").click();
    await page.getByRole("textbox", { name: "Name" }).fill("Berlin");
    await page.keyboard.press("Enter");
    await page.getByText("Another branch already has this name").waitFor();
    await expectAccessible(page);
    await page.getByRole("textbox", { name: "Name" }).fill("Altona");
    await page.keyboard.press("Enter");
    await row(page, "Altona").waitFor();
    await expectAccessible(page);

    await page.getByRole("link", { name: "Apps" }).click();
    await button(page, "New app").click();
    await page.getByRole("textbox", { name: "Name" }).fill("Till");
    await page.getByRole("checkbox", { name: "Delete" }).uncheck();
    await page.getByRole("combobox", { name: "Branches" }).click();
    await page.getByRole("option", { name: "Altona" }).click();
    await page.keyboard.press("Escape");
    await button(page, "Create app").click();
    await button(page, "I have saved the secret").click();
    await row(page, "Till").getByText("Branches: Altona").waitFor();
    const { data: apps } = await page.enterprise.client.listApps();
    const { data: companies } = await page.enterprise.client.listCompanies();
    expect(apps.find(({ name }) => name === "Till")).toMatchObject({
      scopes: ["READ", "WRITE"],
      companyIds: [companies.find(({ name }) => name === "Altona")!.id],
    });
  });

  test("shows the secret of an app once; it works until it is rotated or the app is revoked", async () => {
    const page = await testConsole.signedIn({ colorScheme: "dark", viewport: { width: 360, height: 740 } });
    await page.goto("/access/apps");
    await row(page, "Test app").waitFor();
    await expectAccessible(page);
    await button(page, "New app").click();
    await page.getByRole("textbox", { name: "Name" }).fill("Shop");
    await expectAccessible(page);
    await button(page, "Create app").click();
    const appId = await shownAs(page, "App ID");
    const secret = await shownAs(page, "Secret");
    const curl = await shownAs(page, "Example request");
    await expectAccessible(page);
    expect(await tokenStatus(appId, secret)).toBe(200);
    expect(JSON.parse(curl.split("'").at(-2)!)).toEqual({ appid: appId, appsecret: secret });
    expect(curl).toContain(`${testConsole.url()}/v1/auth/token`);
    await button(page, "I have saved the secret").click();
    expect(await page.content()).not.toContain(secret);

    await button(page, "Rotate secret: Shop").click();
    await inDialog(page, "Rotate secret").click();
    const next = await shownAs(page, "Secret");
    expect(next).not.toBe(secret);
    expect(await tokenStatus(appId, secret)).toBe(401);
    expect(await tokenStatus(appId, next)).toBe(200);
    await button(page, "I have saved the secret").click();

    await button(page, "Edit: Shop").click();
    await page.getByRole("textbox", { name: "Name" }).fill("Web shop");
    await button(page, "Save").click();
    await button(page, "Revoke: Web shop").click();
    await expectAccessible(page);
    await inDialog(page, "Revoke").click();
    await page.getByRole("list", { name: "Revoked apps" }).getByText("Web shop").waitFor();
    expect(await button(page, "Revoke: Web shop").count()).toBe(0);
    expect(await tokenStatus(appId, next)).toBe(401);
    await expectAccessible(page);
  });

  test("delivers to a webhook, shows its log and redelivers failed deliveries", async () => {
    const page = await testConsole.signedIn();
    const { client } = page.enterprise;
    const dispatch = async () => {
      await deliveries.wake();
      await deliveries.run();
    };
    await page.goto("/access/webhooks");
    await page.getByText("No webhooks yet").waitFor();
    await expectAccessible(page);
    await button(page, "New webhook").click();
    await page.getByRole("textbox", { name: "Endpoint URL" }).fill("http://hooks.example.com/");
    await button(page, "Create webhook").click();
    await page.getByText("The URL must start with https://").waitFor();
    await expectAccessible(page);
    await page.getByRole("textbox", { name: "Endpoint URL" }).fill(receiver.url);
    await page.getByRole("textbox", { name: "Description" }).fill("To the till");
    await page.getByRole("combobox", { name: "Events to send" }).fill("customer.c");
    await page.getByRole("option", { name: "customer.created" }).click();
    await page.keyboard.press("Escape");
    await button(page, "Create webhook").click();
    const secret = await shownAs(page, "Secret");
    expect(secret).toMatch(/^whsec_/);
    await button(page, "I have saved the secret").click();
    await page.getByRole("link", { name: receiver.url }).click();
    await page.getByText("No deliveries").waitFor();
    await expectAccessible(page);

    await button(page, "Send test").click();
    await row(page, "webhook.test").getByText("Pending").waitFor();
    await dispatch();
    await row(page, "webhook.test").getByText("Delivered").waitFor();
    expect(receiver.types()).toEqual(["webhook.test"]);

    receiver.answer = (_, response) => void response.writeHead(500).end("<b>out of order</b>");
    await client.createCustomer({ body: { customfields: [{ id: "lastName", value: "Lind" }] } });
    await dispatch();
    await page.reload();
    await row(page, "customer.created").getByText("1 attempt").waitFor();
    await page.getByText("Deliveries have been failing since").waitFor();
    await page.getByRole("radio", { name: "All" }).focus();
    await page.keyboard.press("ArrowRight");
    await row(page, "webhook.test").waitFor({ state: "detached" });
    await page.keyboard.press("ArrowRight");
    await row(page, "customer.created").waitFor({ state: "detached" });
    await row(page, "webhook.test").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("ArrowLeft");
    await row(page, "customer.created").getByRole("button", { name: /^View/ }).click();
    const dialog = page.getByRole("dialog", { name: "customer.created" });
    await dialog.getByText("<b>out of order</b>").waitFor();
    await dialog.getByText('"type": "customer.created"').waitFor();
    await expectAccessible(page);
    receiver.forget();
    await button(page, "Redeliver").click();
    await page.getByText("The redelivery has been queued").waitFor();
    await dispatch();
    await dialog.getByText("Delivered").waitFor();
    expect(receiver.types()).toEqual(["customer.created"]);
    await page.keyboard.press("Escape");

    receiver.forget();
    await button(page, "Redeliver a period").click();
    await page.getByLabel("From").fill("2020-01-01T00:00");
    await page.getByRole("combobox", { name: "Status" }).selectOption({ label: "All" });
    await expectAccessible(page);
    await inDialog(page, "Redeliver").click();
    await page.getByText("2 deliveries are sent again").waitFor();
    await dispatch();
    expect(receiver.types().sort()).toEqual(["customer.created", "webhook.test"]);

    await button(page, "Rotate secret").click();
    await inDialog(page, "Rotate secret").click();
    expect(await shownAs(page, "Secret")).not.toBe(secret);
    await button(page, "I have saved the secret").click();
    await page.getByText("Two secrets are valid").waitFor();

    await button(page, "Pause").click();
    await page.getByText("You paused this webhook").waitFor();
    await expectAccessible(page);
    await button(page, "Resume").click();
    await page.getByText("You paused this webhook").waitFor({ state: "detached" });

    await button(page, "Delete").click();
    await inDialog(page, "Delete").click();
    await page.getByText("No webhooks yet").waitFor();
    expect((await client.listWebhooks()).data).toEqual([]);
  });
});
