import { AxeBuilder } from "@axe-core/playwright";
import { builtConsole } from "@clientele/console";
import { type Client, createClient } from "@clientele/sdk";
import { type AppOptions, type ServedApp, serveWithWorker } from "@clientele/server/testing";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { chromiumPath } from "./chromium.ts";

/** Tests of the console in a real browser, skipped on a machine without one. */
export function describeInBrowser(name: string, tests: () => void): void {
  describe.skipIf(chromiumPath === undefined)(name, tests);
}

type Role = "viewer" | "editor" | "administrator";
type SignedIn = {
  role?: Role;
  /** The enterprise to join; a new one by default. */
  enterprise?: Enterprise;
  name?: string;
  locale?: "en" | "de";
  colorScheme?: "light" | "dark";
  viewport?: { width: number; height: number };
};

/** An enterprise with a client that has all scopes. */
export type Enterprise = { enterpriseId: string; client: Client };

export type ConsoleUnderTest = {
  url(): string;
  app: ServedApp;
  enterprise(): Promise<Enterprise>;
  /** The customers page, in a new browser context, as a new person who has accepted an invitation. */
  signedIn(options?: SignedIn): Promise<Page & { enterprise: Enterprise }>;
  /** A page without a session. */
  visitor(options?: BrowserContextOptions): Promise<Page>;
};

export const testPassword = "a sentence for the tests";

/** Starts the service, its worker, the built console and a browser for one test file. */
export function startConsole(settings: Pick<AppOptions, "webhookAllow" | "oidc"> = {}): ConsoleUnderTest {
  const app = serveWithWorker(async () => ({
    ...settings,
    consoleFolder: await builtConsole(() => undefined),
  }));
  let browser: Browser;
  let people = 0;
  const pageErrors: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath!, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    // Errors of scripts and violations of the content security policy, in any test of the file.
    expect(pageErrors).toEqual([]);
  });

  const visitor: ConsoleUnderTest["visitor"] = async (given = {}) => {
    const context = await browser.newContext({ baseURL: app.url(), reducedMotion: "reduce", ...given });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => pageErrors.push(String(error)));
    page.on("console", (message) => {
      // A refused page may be what a test checks.
      if (/Content.Security.Policy|Warning: (?!Error in route match)/.test(message.text()))
        pageErrors.push(message.text());
    });
    return page;
  };

  const enterprise = async (): Promise<Enterprise> => {
    const { enterpriseId, appId, appSecret } = await app.client({
      scopes: ["READ", "WRITE", "DELETE", "ADMIN"],
    });
    return { enterpriseId, client: createClient({ baseUrl: app.url(), appId, appSecret }) };
  };

  return {
    url: app.url,
    app,
    enterprise,
    visitor,
    async signedIn({ role = "administrator", name = "Ada Berger", locale = "en", ...given } = {}) {
      const enterpriseOfPage = given.enterprise ?? (await enterprise());
      const email = `person${++people}@example.com`;
      const { data } = await enterpriseOfPage.client.invitePerson({ body: { email, role } });
      const { colorScheme = "light", viewport = { width: 1280, height: 800 } } = given;
      const page = await visitor({ locale, colorScheme, viewport });
      const accepted = await page.request.post("/auth/accept", {
        data: { token: data.link.split("#")[1], name, password: testPassword, locale },
        headers: { origin: app.url() },
      });
      expect(accepted.status(), await accepted.text()).toBe(200);
      await page.goto("/");
      await page.getByRole("heading", { level: 1 }).waitFor();
      return Object.assign(page, { enterprise: enterpriseOfPage });
    },
  };
}

/** Expects no violation of the automated WCAG 2.2 AA rules. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    // No page has frames to look into.
    .setLegacyMode()
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const findings = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`),
  }));
  expect(findings).toEqual([]);
}
