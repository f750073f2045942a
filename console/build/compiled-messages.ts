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

const isMessages = (file: string): boolean => /\/messages\/\w+\.json$/.test(file);

/** Compiles messages at build time, so that the ICU parser is not part of the browser bundle. */
export const compiledMessages = (): Plugin => ({
  name: "compiled-messages",
  enforce: "pre",
  config: () => ({
    resolve: { alias: { "use-intl/format-message": "use-intl/format-message/format-only" } },
  }),
  transform: (code, id) =>
    isMessages(id) ? { code: JSON.stringify(compiled(JSON.parse(code))), map: null } : null,
  // The page reads its messages once: a changed file reloads the page instead of a module.
  hotUpdate({ file }) {
    if (!isMessages(file)) return;
    this.environment.hot.send({ type: "full-reload" });
    return [];
  },
});
