import { existsSync } from "node:fs";

/** Undefined on a machine without Chromium. */
export const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);

const missing =
  "The tests of the console need Chromium at /usr/bin/chromium (Debian: apt-get install chromium)";

/** Setup of the `browser` project: CI must not pass without these tests, another run says why they are skipped. */
export default function requireChromium(): void {
  if (chromiumPath !== undefined) return;
  if (process.env["CI"] === "true") throw new Error(`${missing}.`);
  process.stderr.write(`${missing}: they are skipped.\n`);
}
