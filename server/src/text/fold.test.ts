import { describe, expect, test } from "vitest";
import { foldedText } from "../customers/derived/fold-sql.ts";
import { sql } from "../database/sql.ts";
import { startApp } from "../testing/start-app.ts";
import { cut, fold, foldSpelledOut, keysStartingWith, sortKey } from "./fold.ts";

const app = startApp();

describe("folding", () => {
  test("ignores case, accents and compatibility forms in each script", () => {
    const equal: [string, string][] = [
      ["Änne", "ANNE"],
      ["Straße", "STRASSE"],
      ["ﬁnn", "Finn"],
      ["İPEK", "ipek"],
      ["ΟΔΥΣΣΕΥΣ", "οδυσσεύς"],
      ["Ёлка", "елка"],
      ["أَحْمَد", "احمد"],
      ["שָׁלוֹם", "שלום"],
    ];
    for (const [one, other] of equal) expect(fold(one)).toBe(fold(other));
    expect(fold("कि")).not.toBe(fold("का"));
    expect(fold("が")).not.toBe(fold("か"));
    expect(foldSpelledOut("Jörg Åge Søren")).toBe("joerg aage soeren");
  });

  test("gives the same result in the database for each letter", async () => {
    const points = Array.from({ length: 0x2000 }, (_, index) => index + 0x20);
    const letters = points
      .map((point) => String.fromCodePoint(point))
      .filter((letter) => /[\p{L}\p{N}]/u.test(letter));
    const { text, values } =
      sql`select letter, ${foldedText(sql`letter`)} as folded from unnest(${letters}::text[]) letter`;
    const { rows } = await app.database.admin.query(text, [...values]);
    const different = rows
      .filter(({ letter, folded }) => folded !== fold(letter))
      .map(({ letter }) => letter as string);
    expect(rows).toHaveLength(letters.length);
    // PostgreSQL does not lower capitals beyond Armenian.
    expect(different.filter((letter) => letter < "\u0590")).toEqual([]);
    expect(different.filter((letter) => letter === letter.toLowerCase())).toEqual([]);
  });
});

describe("the key range of a letter", () => {
  const isIn = (name: string, letter: string) => {
    const { from, to } = keysStartingWith(letter);
    const key = Buffer.from(sortKey(name));
    return Buffer.compare(Buffer.from(from), key) <= 0 && Buffer.compare(key, Buffer.from(to)) < 0;
  };

  test("contains exactly the names that start with the letter", () => {
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

test("truncation does not split a character", () => {
  expect(cut("ab\u{1F600}", 3)).toBe("ab");
  expect(cut("ab\u{1F600}", 4)).toBe("ab\u{1F600}");
  expect(cut("abc", 2)).toBe("ab");
});
