import { required } from "../../validation/required.ts";

export type DecimalMark = "." | ",";

// Thousands are grouped by the other mark, spaces or apostrophes, by the same one throughout.
const shapes = {
  ".": /^([+-]?)(\d{1,3}(?:([,\s'’])\d{3})(?:\3\d{3})*|\d*)(?:\.(\d+))?$/,
  ",": /^([+-]?)(\d{1,3}(?:([.\s'’])\d{3})(?:\3\d{3})*|\d*)(?:,(\d+))?$/,
};
const plain = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * Normalizes a written number to `-1234.5`; null when it is none. Without a mark only unambiguous numbers are read:
 * `1,234` is a thousand in some countries and a fraction in others.
 */
export function readNumber(text: string, mark: DecimalMark | undefined): string | null {
  const written = text.replace("−", "-");
  if (mark === undefined) return plain.test(written) ? written.replace("+", "") : null;
  const match = shapes[mark].exec(written);
  if (!match) return null;
  const [, sign, whole, , fraction] = match;
  if (whole === "" && fraction === undefined) return null;
  const digits = required(whole, "whole").replace(/\D/g, "") || "0";
  return `${sign === "-" ? "-" : ""}${digits}${fraction === undefined ? "" : `.${fraction}`}`;
}
