import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openAccounts } from "../../server/src/people/accounts.ts";
import { createSetUpToken } from "../../server/src/people/set-up.ts";
import {
  describeInBrowser,
  type Enterprise,
  expectAccessible,
  startConsole,
  testPassword,
} from "./start-console.ts";

describeInBrowser("people", () => {
  // Never contacted: nobody signs in through it.
  const oidc = { issuer: "http://127.0.0.1:9", clientId: "c", clientSecret: "s", name: "Our directory" };
  const testConsole = startConsole({ oidc });

  const button = (page: Page, name: string | RegExp) =>
    page.getByRole("button", { name, ...(typeof name === "string" ? { exact: true } : {}) });
  const row = (page: Page, text: string) => page.getByRole("listitem").filter({ hasText: text });
  const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

  async function signIn(page: Page, email: string, password = testPassword) {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
  }

  /** Invites a person on the people page and returns the link. */
  async function invite(page: Page, email: string, role: string): Promise<string> {
    await page.goto("/access/people");
    await button(page, "Invite").click();
    await page.getByRole("textbox", { name: "E-mail" }).fill(email);
    await page.getByRole("radio", { name: role }).check();
    await button(page, "Create link").click();
    const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
    await button(page, "Done").click();
    return link;
  }

  test("sets up the installation, invites an editor and changes their role", async () => {
    const { client }: Enterprise = await testConsole.enterprise();
    const newcomer = await testConsole.visitor();
    await newcomer.goto("/");
    await heading(newcomer, "Clientele is not set up yet").waitFor();
    await expectAccessible(newcomer);

    const ada = await testConsole.visitor();
    await ada.goto("/set-up#wrong");
    await ada.getByLabel("Your name").fill("Ada Berger");
    await ada.getByLabel("E-mail").fill("ada@example.com");
    await ada.getByRole("textbox", { name: "New password" }).fill(testPassword);
    await ada.keyboard.press("Enter");
    await heading(ada, "The link is invalid or has expired").waitFor();
    const token = await createSetUpToken(openAccounts(testConsole.app.database.people));
    await ada.goto("/sign-in");
    await ada.goto(`/set-up#${token}`);
    await ada.getByLabel("Your name").fill("Ada Berger");
    await ada.getByLabel("E-mail").fill("Ada@example.com");
    await ada.getByRole("textbox", { name: "New password" }).fill(testPassword);
    await expectAccessible(ada);
    await ada.keyboard.press("Enter");
    await ada.waitForURL("**/customers");

    await ada.goto("/access");
    await row(ada, "This is the only administrator").getByText("ada@example.com").waitFor();
    expect(await button(ada, /^Edit: /).count()).toBe(0);
    await expectAccessible(ada);
    await button(ada, "Invite").click();
    await expectAccessible(ada);
    await ada.keyboard.press("Escape");
    expect(await button(ada, "Invite").evaluate((element) => element === document.activeElement)).toBe(true);
    const former = await invite(ada, "bo@example.com", "Viewer");
    const link = await invite(ada, "bo@example.com", "Editor");
    expect(link).toMatch(new RegExp(`^${testConsole.url()}/invitation#`));
    await row(ada, "bo@example.com").getByText("Editor").waitFor();

    const bo = await testConsole.visitor();
    await bo.goto(former);
    await heading(bo, "The link is invalid or has expired").waitFor();
    await expectAccessible(bo);
    await bo.goto("/sign-in");
    await bo.goto(link);
    await heading(bo, "Join Test").waitFor();
    expect(await bo.getByLabel("E-mail").inputValue()).toBe("bo@example.com");
    await bo.getByLabel("Your name").fill("Bo Lind");
    await bo.getByRole("textbox", { name: "New password" }).fill(testPassword);
    await expectAccessible(bo);
    await bo.keyboard.press("Enter");
    await bo.waitForURL("**/customers");
    expect(await bo.getByRole("link", { name: "Access" }).count()).toBe(0);
    await bo.goto("/access/people");
    await bo.getByText("Your role does not give you access").waitFor();
    await expectAccessible(bo);

    await bo.goto("/customers/new");
    await bo.getByLabel("First name").fill("Cleo");
    await button(bo, "Create customer").click();
    await bo.waitForURL(/\/customers\/[0-9a-f]{24}/);
    const customerId = bo.url().split("/").at(-1)!;
    const { data: history } = await client.listHistory({ customerId });
    expect(history).toMatchObject([{ kind: "created", personName: "Bo Lind", appId: null }]);

    await bo.goto("/customers/new");
    await bo.getByLabel("First name").fill("Too late");
    await ada.reload();
    await button(ada, "Edit: Bo Lind").click();
    await ada.getByRole("radio", { name: "Viewer" }).check();
    await expectAccessible(ada);
    await button(ada, "Save").click();
    await row(ada, "Bo Lind").getByText("Viewer").waitFor();
    await button(bo, "Create customer").click();
    await bo.getByText("Your role does not allow this").waitFor();

    await button(ada, "Reset password: Bo Lind").click();
    await button(ada, "Create link").click();
    const reset = await ada.getByRole("textbox", { name: "Link" }).inputValue();
    await expectAccessible(ada);
    await button(ada, "Done").click();
    await bo.goto(reset);
    await heading(bo, "Choose a new password").waitFor();
    await bo.getByRole("textbox", { name: "New password" }).fill("another sentence for it");
    await expectAccessible(bo);
    await bo.keyboard.press("Enter");
    await bo.waitForURL("**/customers");

    await button(ada, "Remove: Bo Lind").click();
    await expectAccessible(ada);
    await button(ada, "Cancel").click();
    await button(ada, "Remove: Bo Lind").click();
    await ada.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await row(ada, "Bo Lind").waitFor({ state: "detached" });
    await ada.getByText("Bo Lind has been removed").waitFor();
    await bo.reload();
    await bo.getByText("You are not a member of this enterprise").waitFor();
    await expectAccessible(bo);
    await button(bo, "Sign out").click();
    await heading(bo, "Sign in").waitFor();

    await invite(ada, "cy@example.com", "Administrator");
    await button(ada, "Revoke: cy@example.com").click();
    await ada.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await row(ada, "cy@example.com").waitFor({ state: "detached" });
  });

  test("signs in again in place after the session has expired, without losing input", async () => {
    const page = await testConsole.signedIn({ name: "Dee Roth" });
    const { client } = page.enterprise;
    const { data: members } = await client.listPeople();
    const { email } = members.find(({ name }) => name === "Dee Roth")!;
    await page.goto("/customers/new");
    await page.getByLabel("First name").fill("Typed before");
    await page.request.post("/auth/sign-out", { data: {}, headers: { origin: testConsole.url() } });
    await button(page, "Create customer").click();

    const dialog = page.getByRole("dialog", { name: "Your session has expired" });
    await dialog.waitFor();
    expect(await dialog.getByLabel("E-mail").inputValue()).toBe(email);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await dialog.getByLabel("Password", { exact: true }).fill("wrong sentence");
    await page.keyboard.press("Enter");
    await dialog.getByText("E-mail address and password do not match").waitFor();
    await dialog.getByLabel("Password", { exact: true }).fill(testPassword);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await heading(page, "Typed before").waitFor();
    const { data: customers } = await client.listCustomers();
    expect(customers.map(({ firstName }) => firstName)).toEqual(["Typed before"]);
  });

  test("changes name, language, password and sessions of an account", async () => {
    const page = await testConsole.signedIn({ name: "Eve Kern" });
    const { data: members } = await page.enterprise.client.listPeople();
    const { email } = members.find(({ name }) => name === "Eve Kern")!;
    const elsewhere = await testConsole.visitor({
      userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:140.0) Gecko/20100101 Firefox/140.0",
    });
    await elsewhere.goto("/account");
    await signIn(elsewhere, email, "not this sentence");
    await elsewhere.getByText("E-mail address and password do not match").waitFor();
    await button(elsewhere, "Sign in with Our directory").waitFor();
    await expectAccessible(elsewhere);
    await signIn(elsewhere, email);
    await heading(elsewhere, "Your account").waitFor();

    await page.goto("/account");
    await row(page, "This device").waitFor();
    await button(page, "End: Firefox on macOS").waitFor();
    await expectAccessible(page);
    await button(page, "End: Firefox on macOS").click();
    await row(page, "Firefox").waitFor({ state: "detached" });
    await elsewhere.getByLabel("Name").fill("Nobody");
    await button(elsewhere, "Save").click();
    await elsewhere.getByRole("dialog", { name: "Your session has expired" }).waitFor();
    await elsewhere.close();

    await page.getByRole("textbox", { name: "Current password" }).fill("not this sentence");
    await page.getByRole("textbox", { name: "New password" }).fill("the other long sentence");
    await button(page, "Change password").click();
    await page.getByText("The current password is incorrect").waitFor();
    await page.getByRole("textbox", { name: "Current password" }).fill(testPassword);
    await button(page, "Change password").click();
    await page.getByText("Your password has been changed").waitFor();

    await page.getByLabel("Name").fill("Eva Kern");
    await page.getByRole("combobox", { name: "Language" }).selectOption("de");
    await button(page, "Save").click();
    await heading(page, "Ihr Konto").waitFor();
    await button(page, "Eva Kern: Konto, Sprache, Erscheinungsbild").waitFor();
    await expectAccessible(page);

    // A browser without a language of its own uses the person's.
    const another = await testConsole.visitor({ locale: "en" });
    await another.goto("/sign-in");
    await signIn(another, email, "the other long sentence");
    await another.getByRole("link", { name: "Kunden", exact: true }).waitFor();
  });

  test("lets a person with an account join another enterprise after signing in as themselves", async () => {
    const page = await testConsole.signedIn({ name: "Fay Holm" });
    const { data: members } = await page.enterprise.client.listPeople();
    const { email } = members.find(({ name }) => name === "Fay Holm")!;
    const other = await testConsole.enterprise();
    const { data } = await other.client.invitePerson({ body: { email, role: "viewer" } });
    const stranger = await testConsole.signedIn({ name: "Gil Wolf" });
    await stranger.goto(data.link);
    await button(stranger, `Join as ${email}`).click();
    await stranger.getByText(`This invitation is for ${email}`).waitFor();
    await expectAccessible(stranger);
    await button(stranger, "Sign in").click();
    await signIn(stranger, email);
    await button(stranger, `Join as ${email}`).click();
    await stranger.waitForURL("**/customers");
    expect(await stranger.getByRole("link", { name: "Access" }).count()).toBe(0);
    await button(stranger, /^Fay Holm: account/).click();
    await stranger.getByText("Switch enterprise").waitFor();
  });
});
