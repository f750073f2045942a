import { describe, expect, test } from "vitest";
import { foldedText } from "../customers/derived/fold-sql.ts";
import { sql } from "../database/sql.ts";
import { startApp } from "../testing/start-app.ts";
import { cut, fold, foldSpelledOut, keysStartingWith, sortKey } from "./fold.ts";

const it = startApp();

describe("folding", () => {
  test("undoes case, accents and compatibility forms, of every script in its way", () => {
    const alike: [string, string][] = [
      ["Änne", "ANNE"],
      ["Straße", "STRASSE"],
      ["ﬁnn", "Finn"],
      ["İPEK", "ipek"],
      ["ΟΔΥΣΣΕΥΣ", "οδυσσεύς"],
      ["Ёлка", "елка"],
      ["أَحْمَد", "احمد"],
      ["שָׁלוֹם", "שלום"],
    ];
    for (const [one, other] of alike) expect(fold(one)).toBe(fold(other));
    expect(fold("कि")).not.toBe(fold("का"));
    expect(fold("が")).not.toBe(fold("か"));
    expect(foldSpelledOut("Jörg Åge Søren")).toBe("joerg aage soeren");
  });

  test("is the same in the database, letter by letter", async () => {
    const points = Array.from({ length: 0x2000 }, (_, index) => index + 0x20);
    const letters = points
      .map((point) => String.fromCodePoint(point))
      .filter((letter) => /[\p{L}\p{N}]/u.test(letter));
    const { text, values } =
      sql`select letter, ${foldedText(sql`letter`)} as folded from unnest(${letters}::text[]) letter`;
    const { rows } = await it.database.admin.query(text, [...values]);
    const different = rows
      .filter(({ letter, folded }) => folded !== fold(letter))
      .map(({ letter }) => letter as string);
    expect(rows).toHaveLength(letters.length);
    // Capitals beyond Armenian are no other letters to PostgreSQL.
    expect(different.filter((letter) => letter < "\u0590")).toEqual([]);
    expect(different.filter((letter) => letter === letter.toLowerCase())).toEqual([]);
  });
});

describe("the range of a letter", () => {
  const isIn = (name: string, letter: string) => {
    const { from, to } = keysStartingWith(letter);
    const key = Buffer.from(sortKey(name));
    return Buffer.compare(Buffer.from(from), key) <= 0 && Buffer.compare(key, Buffer.from(to)) < 0;
  };

  test("has the names that start with it, and no others", () => {
    for (const [letter, name] of [
      ["a", "Ärger"],
      ["Z", "zz\u{10FFFF}"],
      ["ß", "SSaa"],
      ["#", ""],
      ["#", "1"],
      ["1", "12"],
      ["\u{10FFFF}", "\u{10FFFF}a"],
    ] as const) {
      expect(isIn(name, letter), `${letter} ${name}`).toBe(true);
    }
    for (const [letter, name] of [
      ["a", "b"],
      ["a", ""],
      ["#", "a"],
      ["1", "2"],
      ["z", "{"],
      ["\u{10FFFF}", "a"],
    ] as const) {
      expect(isIn(name, letter), `${letter} ${name}`).toBe(false);
    }
  });
});

test("a text is not cut inside a character", () => {
  expect(cut("ab\u{1F600}", 3)).toBe("ab");
  expect(cut("ab\u{1F600}", 4)).toBe("ab\u{1F600}");
  expect(cut("abc", 2)).toBe("ab");
});
