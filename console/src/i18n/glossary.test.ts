import { parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, test } from "vitest";
import { type Concept, forbiddenWordsIn, glossary, type Language } from "./glossary.ts";

type Messages = { [key: string]: string | Messages };
type Element = ReturnType<typeof parse>[number];

const files = import.meta.glob<Messages>("../**/messages/*.json", { eager: true, import: "default" });

/** The words of a message that people read: without arguments and the names of cases. */
const wordsOf = (elements: Element[]): string =>
  elements
    .map((element) => {
      if (element.type === TYPE.literal) return element.value;
      if (element.type === TYPE.tag) return wordsOf(element.children);
      if (element.type !== TYPE.select && element.type !== TYPE.plural) return "…";
      return Object.values(element.options)
        .map(({ value }) => wordsOf(value))
        .join(" / ");
    })
    .join("");

const textsOf = (messages: Messages, path = ""): [string, string][] =>
  Object.entries(messages).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value]] : textsOf(value, `${path}${key}.`),
  );

function violationsIn(language: Language): string[] {
  const inLanguage = Object.entries(files).filter(([path]) => path.endsWith(`/${language}.json`));
  expect(inLanguage.length).toBeGreaterThan(8);
  return inLanguage.flatMap(([path, messages]) =>
    textsOf(messages).flatMap(([key, text]) =>
      forbiddenWordsIn(wordsOf(parse(text)), language).map(
        ({ found, use }) => `${path} ${key}: write "${use}" instead of "${found}"`,
      ),
    ),
  );
}

describe("the glossary", () => {
  test.each(["en", "de"] as const)("is followed by every message (%s)", (language) => {
    expect(violationsIn(language)).toEqual([]);
  });

  test("finds a forbidden word and names the term to use", () => {
    expect(forbiddenWordsIn("All companies", "en")).toEqual([{ found: "companies", use: "branch" }]);
    expect(forbiddenWordsIn("Mit allen Tags", "de")).toEqual([{ found: "Tags", use: "Schlagwort" }]);
    expect(forbiddenWordsIn("External id", "en")).toEqual([{ found: "external id", use: "external ID" }]);
  });

  test("finds whole words only", () => {
    expect(forbiddenWordsIn("External ID", "en")).toEqual([]);
    expect(forbiddenWordsIn("Name, company, e-mail", "en")).toEqual([]);
    expect(forbiddenWordsIn("Am nächsten Tag", "de")).toEqual([]);
    expect(forbiddenWordsIn("Default, defaults", "en")).toEqual([]);
  });

  test("has each term for one concept and forbids none of its own terms", () => {
    const concepts = Object.values<Concept>(glossary);
    for (const language of ["en", "de"] as const) {
      const terms = concepts.map((concept) => concept[language]);
      expect(new Set(terms).size).toBe(terms.length);
      expect(terms.filter((term) => forbiddenWordsIn(term, language).length > 0)).toEqual([]);
    }
  });
});
