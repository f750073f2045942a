import { isTest, placeOf } from "./import-violations.ts";
import { tables } from "./rules.ts";

/** Tables that SQL of a folder mentions without owning them, and tables without an owner: one sentence each. */
export function violationsOfTables(
  sources: ReadonlyMap<string, string>,
  migrations: readonly string[],
): string[] {
  const created = new Set(
    migrations.flatMap((sql) =>
      [...sql.matchAll(/\bcreate table (?:clientele\.)?(\w+)/g)].map((found) => found[1] ?? ""),
    ),
  );
  const withoutOwner = [...created].filter((table) => !(table in tables) && !/^changes_/.test(table));
  return [
    ...withoutOwner.map((table) => `table ${table} has no owner in architecture/rules.ts`),
    ...[...sources].flatMap(([file, text]) => mentions(file, text)),
  ];
}

const mention = new RegExp(
  `\\b(?:from|join|into|update|truncate|lock table)\\s+(?:only\\s+)?(${Object.keys(tables).join("|")})\\b`,
  "g",
);

function mentions(file: string, text: string): string[] {
  const place = placeOf(file);
  if (place === undefined || isTest(file)) return [];
  return [...withoutComments(text).matchAll(mention)].flatMap((found) => {
    const name = found[1] ?? "";
    const table = tables[name];
    if (!table || table.owner === place || Object.hasOwn(table.others ?? {}, place)) return [];
    const line = text.slice(0, found.index).split("\n").length;
    return [`${file}:${line} has SQL on ${name}, which ${table.owner}/ owns`];
  });
}

/** The text with its comments blank, so that lines keep their numbers. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, " "));
