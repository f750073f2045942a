import { readFileSync } from "node:fs";
import { fieldTypes } from "@clientele/contract/custom-fields";
import { OperatorError } from "@clientele/server";
import { InvalidArgumentError } from "commander";

/** Maps a heading to a field, to null (ignored), or to a new field; sent as the `mapping` parameter. */
export type Mapping = Readonly<Record<string, string | null | { create: { label?: string; type?: string } }>>;

/** Parses one `--map`: `Heading=field`, `Heading=` ignores the column, `Heading=+Label:TYPE` creates a field. */
export function addMapping(text: string, before: Mapping = {}): Mapping {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError('It must be "Heading=field".');
  const value = text.slice(at + 1).trim();
  const target = value === "" ? null : value.startsWith("+") ? newFieldTarget(value.slice(1)) : value;
  return { ...before, [text.slice(0, at).trim()]: target };
}

function newFieldTarget(text: string): { create: { label?: string; type?: string } } {
  const [, label = "", type] = /^(.*?)(?::([A-Za-z_]+))?$/.exec(text) ?? [];
  const known: readonly string[] = fieldTypes;
  if (type !== undefined && !known.includes(type.toUpperCase()))
    throw new InvalidArgumentError(`Field types are ${known.join(", ")}; ${type} is not one of them.`);
  return {
    create: {
      ...(label.trim() === "" ? {} : { label: label.trim() }),
      ...(type === undefined ? {} : { type: type.toUpperCase() }),
    },
  };
}

/** Reads a mapping from a JSON file. */
export function readMapping(path: string): Mapping {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new OperatorError(`The mapping, ${path}, ${reason}.`, { cause });
  }
  try {
    const mapping: unknown = JSON.parse(text);
    if (typeof mapping === "object" && mapping !== null && !Array.isArray(mapping)) return mapping as Mapping;
  } catch {
    // Reported below.
  }
  throw new OperatorError(
    `${path} must contain a JSON object, such as {"Customer no.": "external_id", "Notes": null}.`,
  );
}
