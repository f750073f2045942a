import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** One import statement, types included. */
export type Import = {
  /** The file that imports, from the top of the repository. */
  from: string;
  /** A file of the repository, or a package's name. */
  to: string;
  line: number;
  /** The statement imports types alone. */
  isType: boolean;
};

const sources = "{contract,packages/*,server,sdk,cli,console,bench,examples}/**/*.{ts,tsx}";
const statement =
  /(?:^|[\s;])(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|\bimport\s*\(\s*"([^"]+)"\s*\)|^import\s+"([^"]+)"/gm;

/** `import type …`, or braces in which every name is a type. */
const typesAlone = /(?:import|export)\s+(?:type\b|\{\s*(?:type\s[^,}]+,?\s*)+\})/;

/** Every TypeScript file of the repository with its text; generated and installed ones excepted. */
export function readSources(): Map<string, string> {
  const files = globSync(sources, { exclude: (name) => /^(node_modules|dist.*)$/.test(name) });
  return new Map(files.sort().map((file) => [file, readFileSync(file, "utf8")]));
}

/** The imports of each file; relative ones resolved to files. */
export function importsOf(files: ReadonlyMap<string, string>): Import[] {
  return [...files].flatMap(([from, text]) =>
    [...text.matchAll(statement)].map((found) => {
      const name = found[1] ?? found[2] ?? found[3] ?? "";
      const line = text.slice(0, found.index + found[0].length).split("\n").length;
      const to = name.startsWith(".") ? normalize(join(dirname(from), name)) : name;
      return { from, to, line, isType: typesAlone.test(found[0]) };
    }),
  );
}

/** One cycle for each group of nodes that reach one another: the nodes of the group. */
export function cyclesOf(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const cycles: string[][] = [];
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string): number => {
    const number = order.size;
    order.set(node, number);
    let lowest = number;
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, order.get(next) ?? lowest);
    }
    low.set(node, lowest);
    if (lowest === number) {
      const group = stack.splice(stack.indexOf(node));
      if (group.length > 1) cycles.push(group.sort());
    }
    return lowest;
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return cycles;
}

/** The edges between groups of files; those within a group left out. */
export function edgesBetween(
  imports: readonly Import[],
  groupOf: (file: string) => string | undefined,
): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [source, target] = [groupOf(from), groupOf(to)];
    if (source === undefined || target === undefined || source === target) continue;
    edges.set(source, (edges.get(source) ?? new Set()).add(target));
  }
  return edges;
}
