import { existsSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { builtConsole } from "@clientele/console";
import { type Client, createClient } from "@clientele/sdk";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { AppOptions } from "../../server/src/app.ts";
import { importQueue } from "../../server/src/imports/run/import-queue.ts";
import { type RunningQueue, startQueue } from "../../server/src/jobs/queue-loop.ts";
import type { Logger } from "../../server/src/logging/log.ts";
import { startApp, type TestApp } from "../../server/src/testing/start-app.ts";

const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);

/** Tests of the console, in a real browser. Where there is none they are skipped, and their name says so. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (chromiumPath === undefined)
    describe.skip(`${name} (skipped: there is no Chromium at /usr/bin/chromium)`, tests);
  else describe(name, tests);
}

type Role = "viewer" | "editor" | "administrator";
type SignedIn = {
  role?: Role;
  /** Of an enterprise that there is; without it the person has a new one. */
  enterprise?: Enterprise;
  name?: string;
  locale?: "en" | "de";
  colorScheme?: "light" | "dark";
  viewport?: { width: number; height: number };
};

/** An enterprise and a program that may do everything in it. */
export type Enterprise = { enterpriseId: string; client: Client };

export type ConsoleUnderTest = {
  url(): string;
  app: TestApp;
  enterprise(): Promise<Enterprise>;
  /** A page at the customers, in a browser of its own, of a new person who has accepted an invitation. */
  signedIn(options?: SignedIn): Promise<Page & { enterprise: Enterprise }>;
  /** A page of nobody. */
  visitor(options?: BrowserContextOptions): Promise<Page>;
};

export const testPassword = "a sentence for the tests";

/** The service with its worker and the built console, and a browser, for the tests of one file. */
export function startConsole(settings: Pick<AppOptions, "webhookAllow" | "oidc"> = {}): ConsoleUnderTest {
  const options: Omit<AppOptions, "database"> = { ...settings, onAccepted: () => worker?.nudge() };
  beforeAll(async () => {
    options.consoleFolder = await builtConsole(() => undefined);
  });
  const app = startApp(options);
  let url: string;
  let worker: RunningQueue | undefined;
  let browser: Browser;
  let people = 0;
  const fieldErrors: string[] = [];
  beforeAll(async () => {
    url = await app.app.listen({ port: 0, host: "127.0.0.1" });
    const { operator, service } = app.database;
    const onError = (error: unknown) => {
      throw error;
    };
    const log = app.app.log as Logger;
    worker = startQueue(importQueue({ pool: service, clock: () => new Date(), onError }), { operator, log });
    browser = await chromium.launch({ executablePath: chromiumPath!, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    await worker?.stop();
    app.app.server.closeAllConnections();
    // What a page did wrong in any test: its scripts, and its policy.
    expect(fieldErrors).toEqual([]);
  });

  const visitor: ConsoleUnderTest["visitor"] = async (given = {}) => {
    const context = await browser.newContext({ baseURL: url, reducedMotion: "reduce", ...given });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => fieldErrors.push(String(error)));
    page.on("console", (message) => {
      // That a page was refused is what a test may want to see.
      if (/Content.Security.Policy|Warning: (?!Error in route match)/.test(message.text()))
        fieldErrors.push(message.text());
    });
    return page;
  };

  const enterprise = async (): Promise<Enterprise> => {
    const { enterpriseId, appId, appSecret } = await app.client({
      scopes: ["READ", "WRITE", "DELETE", "ADMIN"],
    });
    return { enterpriseId, client: createClient({ baseUrl: url, appId, appSecret }) };
  };

  return {
    url: () => url,
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
        headers: { origin: url },
      });
      expect(accepted.status(), await accepted.text()).toBe(200);
      await page.goto("/");
      await page.getByRole("heading", { level: 1 }).waitFor();
      return Object.assign(page, { enterprise: enterpriseOfPage });
    },
  };
}

/** Nothing that the rules of WCAG 2.2 AA find, as far as a program can. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    // No page has frames: nothing else is opened to look into them.
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
