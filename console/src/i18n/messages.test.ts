import { attemptErrors } from "@clientele/contract/attempt-errors";
import { CustomField } from "@clientele/contract/custom-fields";
import { errors, problemReasons } from "@clientele/contract/errors";
import { fieldErrors } from "@clientele/contract/field-errors";
import { parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, test } from "vitest";
import de from "./de.ts";
import en from "./en.ts";

type Messages = { [key: string]: string | Messages };
type Element = ReturnType<typeof parse>[number];

/** Texts with their paths, such as `access.people.title`. */
const textsOf = (messages: Messages, path = ""): [string, string][] =>
  Object.entries(messages).flatMap(([key, entry]) =>
    typeof entry === "string" ? [[path + key, entry]] : textsOf(entry, `${path}${key}.`),
  );

/** The arguments of a text, such as `count: plural`. */
function argumentsOf(elements: Element[]): string[] {
  return elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    if (element.type === TYPE.tag) return [`<${element.value}>`, ...argumentsOf(element.children)];
    if (element.type !== TYPE.select && element.type !== TYPE.plural) return [element.value];
    return [element.value, ...Object.values(element.options).flatMap(({ value }) => argumentsOf(value))];
  });
}
const argumentNames = (text: string): string[] => [...new Set(argumentsOf(parse(text)))].sort();

/** The cases of each select: a translation that lacks one shows the wrong sentence. */
const choicesOf = (elements: Element[]): string[] =>
  elements.flatMap((element) => {
    if (element.type === TYPE.tag) return choicesOf(element.children);
    if (element.type !== TYPE.select) return [];
    const inside = Object.values(element.options).flatMap(({ value }) => choicesOf(value));
    return [`${element.value}: ${Object.keys(element.options).sort().join(", ")}`, ...inside];
  });

// English default names come from the server, so only other languages have translations.
const isOfDefaults = ([path]: [string, string]) => path.startsWith("customFields.defaults.");
const inEnglish = new Map(textsOf(en));
const inGerman = new Map(textsOf(de).filter((text) => !isOfDefaults(text)));

describe("the messages in both languages", () => {
  test("have the same keys and no empty texts", () => {
    expect([...inGerman.keys()].sort()).toEqual([...inEnglish.keys()].sort());
    const empty = [...inEnglish, ...inGerman].filter(([, text]) => text.trim() === "");
    expect(empty).toEqual([]);
  });

  test("have a text for every error code", () => {
    const codes = Object.keys(errors);
    expect(codes.filter((code) => !inEnglish.has(`errors.codes.${code}`))).toEqual([]);
    expect(codes.filter((code) => !inGerman.has(`errors.codes.${code}`))).toEqual([]);
  });

  test("name every field attribute that a history may contain", () => {
    const readOnlyAttributes = ["id", "isMultiple", "isDefault", "createdAt", "updatedAt"];
    const attributes = Object.keys(CustomField.properties).filter(
      (attribute) => !readOnlyAttributes.includes(attribute),
    );
    for (const texts of [inEnglish, inGerman])
      expect(
        attributes.filter((attribute) => !texts.has(`customFields.history.attributes.${attribute}`)),
      ).toEqual([]);
  });

  test("have the same arguments", () => {
    const asks = (texts: Map<string, string>) =>
      Object.fromEntries([...texts].map(([key, text]) => [key, argumentNames(text)]));
    expect(asks(inGerman)).toEqual(asks(inEnglish));
  });

  test("take no argument that the template of an error key lacks", () => {
    const templates: [string, Record<string, string>][] = [
      ["fieldErrors", fieldErrors],
      ["access.deliveries.attemptErrors", attemptErrors],
      [
        "problems.reasons",
        Object.fromEntries(Object.entries(problemReasons).map(([key, [, template]]) => [key, template])),
      ],
    ];
    const unknown = templates.flatMap(([path, texts]) =>
      Object.entries(texts).flatMap(([key, template]) =>
        argumentNames(inEnglish.get(`${path}.${key}`) ?? "")
          .filter((name) => !template.includes(`{${name}`))
          .map((name) => `${path}.${key} {${name}}`),
      ),
    );
    expect(unknown).toEqual([]);
  });

  test("have the same cases in every select", () => {
    const choices = (texts: Map<string, string>) =>
      Object.fromEntries([...texts].map(([key, text]) => [key, choicesOf(parse(text))]));
    expect(choices(inGerman)).toEqual(choices(inEnglish));
  });
});
