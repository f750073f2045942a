import { stat } from "node:fs/promises";
import { join } from "node:path";
import { builtConsole } from "@clientele/console";
import { expect, test } from "vitest";
import { describeInBrowser, startConsole } from "./start-console.ts";

describeInBrowser("the first load", () => {
  const testConsole = startConsole();

  const languages = ["en", "de"] as const;
  test.each(languages)(
    "of the customer table needs at most 250 kB of gzipped scripts, all from this origin (%s)",
    async (locale) => {
      const page = await testConsole.signedIn({ locale });
      await page.enterprise.client.createCustomer({
        body: { customfields: [{ id: "mobilePhone", value: "+4915112345678" }] },
      });
      const scripts = new Set<string>();
      const hosts = new Set<string>();
      page.on("response", (response) => {
        const { host, pathname } = new URL(response.url());
        hosts.add(host);
        if (pathname.endsWith(".js")) scripts.add(pathname);
      });
      await page.reload();
      await page.getByRole("row").nth(1).waitFor();
      await page.waitForLoadState("networkidle");
      const folder = await builtConsole(() => undefined);
      const sizes = await Promise.all([...scripts].map((path) => stat(join(folder, `${path}.gz`))));
      const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
      expect(bytes).toBeGreaterThan(150_000);
      expect(bytes).toBeLessThanOrEqual(250_000);
      expect([...hosts]).toEqual([new URL(testConsole.url()).host]);
    },
  );
});
