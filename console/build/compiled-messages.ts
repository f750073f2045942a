import compile from "icu-minify/compile";
import type { Plugin } from "vite";

type Messages = { [name: string]: string | Messages };

const compiled = (messages: Messages): object =>
  Object.fromEntries(
    Object.entries(messages).map(([name, entry]) => [
      name,
      typeof entry === "string" ? compile(entry) : compiled(entry),
    ]),
  );

/** Messages are read while the console is built: what reads them does not travel to the browser. */
export const compiledMessages = (): Plugin => ({
  name: "compiled-messages",
  enforce: "pre",
  config: () => ({
    resolve: { alias: { "use-intl/format-message": "use-intl/format-message/format-only" } },
  }),
  transform: (code, id) =>
    /\/messages\/\w+\.json$/.test(id)
      ? { code: JSON.stringify(compiled(JSON.parse(code))), map: null }
      : null,
});
