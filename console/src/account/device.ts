import bowser from "bowser";

/** Browser and operating system in a user agent, such as `Chrome` and `macOS`; empty when unknown. */
export function deviceOf(userAgent: string): { browser: string; system: string } {
  // bowser throws on an empty string.
  if (userAgent === "") return { browser: "", system: "" };
  const { browser, os } = bowser.parse(userAgent);
  return { browser: browser.name ?? "", system: os.name ?? "" };
}
