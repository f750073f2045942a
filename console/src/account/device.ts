import bowser from "bowser";

/** What a browser says that it is: `Chrome`, `macOS`; either is empty when it does not say. */
export function deviceOf(userAgent: string): { browser: string; system: string } {
  // The parser takes no empty text.
  if (userAgent === "") return { browser: "", system: "" };
  const { browser, os } = bowser.parse(userAgent);
  return { browser: browser.name ?? "", system: os.name ?? "" };
}
