import type en from "./en.ts";

export const locales = ["en", "de"] as const;
export type Locale = (typeof locales)[number];
type Messages = typeof en;

/** Messages of the first load, and those that pages load on demand. */
const parts = {
  en: {
    first: async () => (await import("./initial.en.ts")).default,
    access: async () => ({ access: (await import("../access/messages/en.json")).default }),
    account: async () => ({ account: (await import("../account/messages/en.json")).default }),
    fieldErrors: async () => ({
      fieldErrors: (await import("../errors/fields/messages/en.json")).default,
      problems: (await import("../errors/problems/messages/en.json")).default,
    }),
    imports: async () => ({ imports: (await import("../imports/messages/en.json")).default }),
    insight: async () => ({ insight: (await import("../insight/messages/en.json")).default }),
  },
  de: {
    first: async () => (await import("./initial.de.ts")).default,
    access: async () => ({ access: (await import("../access/messages/de.json")).default }),
    account: async () => ({ account: (await import("../account/messages/de.json")).default }),
    fieldErrors: async () => ({
      fieldErrors: (await import("../errors/fields/messages/de.json")).default,
      problems: (await import("../errors/problems/messages/de.json")).default,
    }),
    imports: async () => ({ imports: (await import("../imports/messages/de.json")).default }),
    insight: async () => ({ insight: (await import("../insight/messages/de.json")).default }),
  },
  // A part that a translation lacks does not compile.
} satisfies Record<Locale, Record<string, () => Promise<Partial<Messages>>>>;
type Part = keyof (typeof parts)["en"];

/** Messages loaded so far; a page loads its part before it renders. */
type Loaded = { locale: Locale; texts: Messages };

const needed = new Set<Part>(["first"]);
let wantedLocale: Locale | null = null;
let loaded: Loaded | null = null;
const listeners = new Set<() => void>();

export const loadedMessages = (): Loaded | null => loaded;

export function onMessagesLoaded(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Switches to a language once all needed parts have loaded. */
export async function loadLocale(locale: Locale): Promise<void> {
  wantedLocale = locale;
  const all = await Promise.all([...needed].map((part) => parts[locale][part]()));
  if (wantedLocale !== locale) return;
  loaded = { locale, texts: Object.assign({}, ...all) as Messages };
  for (const listener of listeners) listener();
}

/** Loads parts in the current language, and from now on in every language. */
async function loadParts(neededParts: readonly Part[]): Promise<void> {
  const texts: Partial<Messages> = loaded?.texts ?? {};
  for (const part of neededParts) needed.add(part);
  const areLoaded = neededParts.every((part) => Object.hasOwn(texts, part));
  if (!areLoaded && wantedLocale !== null) await loadLocale(wantedLocale);
}

/** Loads a module together with its messages. */
export const withMessages =
  <Module>(neededParts: readonly Part[], load: () => Promise<Module>) =>
  async (): Promise<Module> =>
    (await Promise.all([load(), loadParts(neededParts)]))[0];
