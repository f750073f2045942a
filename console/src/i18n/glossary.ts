export type Language = "en" | "de";

/** One concept, its only term in each language, and the synonyms that no text may use for it. */
export type Concept = {
  readonly en: string;
  readonly de: string;
  readonly forbidden: { readonly [Name in Language]?: readonly string[] };
};

/**
 * The vocabulary of all texts: console, README, docs and command line. `company` is a customer's employer; a branch
 * of the enterprise keeps `company` only in the API and in identifiers that mirror it.
 */
export const glossary = {
  branch: {
    en: "branch",
    de: "Filiale",
    forbidden: {
      en: ["companies", "another company", "this company", "no company", "every company", "each company"],
      de: ["Niederlassung", "Niederlassungen", "Zweigstelle", "Zweigstellen", "Geschäftsstelle"],
    },
  },
  company: { en: "company", de: "Firma", forbidden: { en: ["employer"], de: ["Arbeitgeber"] } },
  customer: { en: "customer", de: "Kunde", forbidden: { en: ["clients"], de: ["Klient", "Klienten"] } },
  tag: { en: "tag", de: "Schlagwort", forbidden: { en: ["keyword"], de: ["Tags", "Schlagworte", "Label"] } },
  field: { en: "field", de: "Feld", forbidden: { en: ["attribute field"], de: ["Attribut", "Attribute"] } },
  requiredField: {
    en: "required field",
    de: "Pflichtfeld",
    forbidden: { en: ["mandatory", "compulsory"], de: ["obligatorisch", "zwingend"] },
  },
  standardField: {
    en: "standard field",
    de: "Standardfeld",
    forbidden: { en: ["default field", "comes with Clientele"], de: ["Vorgabefeld", "gehört zu Clientele"] },
  },
  inactive: {
    en: "inactive",
    de: "inaktiv",
    forbidden: { en: ["switched off", "disabled field"], de: ["abgeschaltet", "ausgeschaltet"] },
  },
  externalId: { en: "external ID", de: "externe ID", forbidden: { en: ["external id"], de: ["Kennung"] } },
  event: { en: "event", de: "Ereignis", forbidden: { de: ["Event", "Events"] } },
  booking: { en: "booking", de: "Buchung", forbidden: { en: ["appointment"], de: ["Termin", "Termine"] } },
  history: { en: "history", de: "Verlauf", forbidden: { en: ["changelog"], de: ["Historie", "Chronik"] } },
  view: { en: "view", de: "Ansicht", forbidden: { en: ["saved search"], de: ["Sicht", "Sichten"] } },
  bulkChange: {
    en: "bulk change",
    de: "Massenänderung",
    forbidden: { en: ["mass change"], de: ["Sammeländerung"] },
  },
  importPreview: {
    en: "preview",
    de: "Vorschau",
    forbidden: {
      en: ["dry run", "the plan", "this plan"],
      de: ["Probelauf", "der Plan", "dem Plan", "Plan"],
    },
  },
  columnMapping: { en: "column mapping", de: "Spaltenzuordnung", forbidden: { de: ["Mapping"] } },
  columnDelimiter: { en: "column delimiter", de: "Spaltentrennzeichen", forbidden: { de: ["Delimiter"] } },
  decimalSeparator: {
    en: "decimal separator",
    de: "Dezimaltrennzeichen",
    forbidden: { en: ["decimal mark", "decimal point"], de: ["Dezimalzeichen"] },
  },
  start: { en: "start", de: "starten", forbidden: { en: ["begun", "begin"], de: ["begonnen"] } },
  undo: {
    en: "undo",
    de: "rückgängig machen",
    forbidden: { en: ["take back", "taken back"], de: ["zurücknehmen", "zurückgenommen", "Zurücknehmen"] },
  },
  error: { en: "error", de: "Fehler", forbidden: { en: ["fault", "faults", "mistakes"], de: ["Mangel"] } },
  fix: {
    en: "fix",
    de: "korrigieren",
    forbidden: {
      en: ["mend", "mended"],
      de: ["ausbessern", "ausgebessert", "ausgebesserte", "berichtigen", "bessern Sie"],
    },
  },
  secret: { en: "secret", de: "Geheimschlüssel", forbidden: { de: ["Geheimnis", "Geheimnisse"] } },
  endpoint: { en: "endpoint", de: "Endpunkt", forbidden: { en: ["its receiver"], de: ["Empfänger"] } },
  email: { en: "e-mail", de: "E-Mail", forbidden: { en: ["email"], de: ["Email", "E-mail", "Mailadresse"] } },
  signIn: {
    en: "sign in",
    de: "anmelden",
    forbidden: { en: ["log in", "login", "log out"], de: ["einloggen", "Login", "ausloggen"] },
  },
} as const satisfies Record<string, Concept>;

export type ForbiddenWord = { found: string; use: string };

/** The forbidden words in a text, each with the term to use instead. */
export function forbiddenWordsIn(text: string, language: Language): ForbiddenWord[] {
  return Object.values<Concept>(glossary).flatMap((concept) =>
    (concept.forbidden[language] ?? [])
      .filter((word) => patternOf(word).test(text))
      .map((word) => ({ found: word, use: concept[language] })),
  );
}

// Whole words. Only the first letter may differ in case: "external id" is wrong, "External ID" is right.
const patternOf = (word: string): RegExp => {
  const [first = "", ...rest] = word;
  const either = `[${first.toLowerCase()}${first.toUpperCase()}]`;
  return new RegExp(`(?<![\\p{L}\\p{N}-])${either}${rest.join("")}(?![\\p{L}\\p{N}-])`, "u");
};
