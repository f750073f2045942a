import { readFileSync } from "node:fs";
import { fieldTypes } from "@clientele/contract/custom-fields";
import { Refusal } from "@clientele/server";
import { InvalidArgumentError } from "commander";

/** Heading to a field, to null, or to a field that is made, as the service takes it. */
export type Mapping = Readonly<Record<string, string | null | { create: { label?: string; type?: string } }>>;

/** One `--map`: `Heading=field`, `Heading=` leaves the column out, `Heading=+Label:TYPE` makes a field. */
export function withMapped(text: string, before: Mapping = {}): Mapping {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError('It must be "Heading=field".');
  const wanted = text.slice(at + 1).trim();
  const target = wanted === "" ? null : wanted.startsWith("+") ? createdBy(wanted.slice(1)) : wanted;
  return { ...before, [text.slice(0, at).trim()]: target };
}

function createdBy(text: string): { create: { label?: string; type?: string } } {
  const [, label = "", type] = /^(.*?)(?::([A-Za-z_]+))?$/.exec(text) ?? [];
  const known: readonly string[] = fieldTypes;
  if (type !== undefined && !known.includes(type.toUpperCase()))
    throw new InvalidArgumentError(`A field is one of ${known.join(", ")}; ${type} is none.`);
  return {
    create: {
      ...(label.trim() === "" ? {} : { label: label.trim() }),
      ...(type === undefined ? {} : { type: type.toUpperCase() }),
    },
  };
}

/** A mapping that stands in a file. */
export function readMapping(path: string): Mapping {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "is not there" : `cannot be read (${code})`;
    throw new Refusal(`The mapping, ${path}, ${why}.`, { cause });
  }
  try {
    const mapping: unknown = JSON.parse(text);
    if (typeof mapping === "object" && mapping !== null && !Array.isArray(mapping)) return mapping as Mapping;
  } catch {
    // Told below.
  }
  throw new Refusal(
    `${path} must hold a JSON object, such as {"Customer no.": "external_id", "Notes": null}.`,
  );
}
