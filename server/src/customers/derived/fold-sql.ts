import { type Sql, sql } from "../../database/sql.ts";
import { accents, fold, keyLengthMax, replacedLetters } from "../../text/fold.ts";

/**
 * `fold` in SQL, for orders by a value that has no key of its own: `normalize` and the accents are the same, and
 * capital letters are those of Latin, Greek, Cyrillic and Armenian, for `lower` depends on the database's locale.
 */
export const foldedText = (text: Sql): Sql =>
  sql`left(case when octet_length(${text}) = length(${text}) then lower(${text} collate "C")
    else ${spelledOut(sql`translate(regexp_replace(normalize(${text}, NFKD), ${`[${accents}]`}, '', 'g'), ${from}, ${to})`)}
    end, ${keyLengthMax}) collate "C"`;

// What decomposes is not there any more when the capitals are looked at.
const capitals = Array.from({ length: 0x590 - 0x41 }, (_, index) =>
  String.fromCodePoint(0x41 + index),
).filter(
  (letter) => letter.normalize("NFKD") === letter && fold(letter) !== letter && fold(letter).length === 1,
);
const single = [...replacedLetters].filter(
  ([letter, other]) => other.length === 1 && !capitals.includes(letter),
);
const from = [...capitals, ...single.map(([letter]) => letter)].join("");
const to = [...capitals.map(fold), ...single.map(([, other]) => other)].join("");

const spelledOut = (text: Sql): Sql =>
  [...replacedLetters]
    .filter(([, other]) => other.length > 1)
    .flatMap(([letter, other]) => [letter, letter.toUpperCase()].map((value) => [value, other] as const))
    .filter(([letter]) => letter.length === 1)
    .reduce((inner, [letter, other]) => sql`replace(${inner}, ${letter}, ${other})`, text);
