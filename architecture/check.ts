/**
 * Checks the structure that ARCHITECTURE.md describes: layers, restrictions and cycles over the import graph, types
 * included, and the tables that each folder's SQL mentions. Prints each violation with its file and line.
 */
import { globSync, readFileSync } from "node:fs";
import { violationsOfImports } from "./import-violations.ts";
import { importsOf, readSources } from "./imports.ts";
import { violationsOfTables } from "./table-violations.ts";

const sources = readSources();
const migrations = globSync("server/migrations/*.sql").map((file) => readFileSync(file, "utf8"));
const violations = [
  ...violationsOfImports(sources, importsOf(sources)),
  ...violationsOfTables(sources, migrations),
];
for (const violation of violations) process.stderr.write(`${violation}\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
