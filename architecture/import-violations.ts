import { cyclesOf, edgesBetween, type Import } from "./imports.ts";
import { layers, restrictions, storesShared } from "./rules.ts";

const ranks = new Map<string, number>(
  layers.flatMap((layer, rank) => layer.map((place) => [place, rank] as const)),
);

/** The folder of server/src that a file lies in, or the file itself at the top. */
export const placeOf = (file: string): string | undefined => /^server\/src\/([^/]+)/.exec(file)?.[1];

/** Tests, and what serves them alone. */
export const isTest = (file: string): boolean =>
  /\.test\.tsx?$|\/(testing|tests|corpus)\/|\/test-[\w-]+\.ts$/.test(file);

/** Upward imports, restricted imports, files without a layer, and cycles: one sentence each. */
export function violationsOfImports(
  sources: ReadonlyMap<string, string>,
  imports: readonly Import[],
): string[] {
  const checked = imports.filter(({ from }) => !isTest(from));
  return [
    ...withoutLayer(sources),
    ...checked.flatMap(upward),
    ...checked.flatMap(foreignStore),
    ...checked.flatMap(restricted),
    ...cycles(imports),
  ];
}

function withoutLayer(sources: ReadonlyMap<string, string>): string[] {
  const folders = new Set(
    [...sources.keys()].filter((file) => /^server\/src\/[^/]+\//.test(file) && !isTest(file)).map(placeOf),
  );
  return [...folders]
    .filter((folder) => folder !== undefined && !ranks.has(folder))
    .map((folder) => `server/src/${folder}/ has no layer in architecture/rules.ts`);
}

function upward({ from, to, line }: Import): string[] {
  const [source, target] = [placeOf(from), placeOf(to)];
  if (source === undefined || target === undefined || source === target) return [];
  const rank = ranks.get(source);
  // A file at the top composes the service.
  if (rank === undefined) return [];
  const targetRank = ranks.get(target);
  if (targetRank !== undefined && targetRank < rank) return [];
  return [`${from}:${line} imports ${to}: ${target} is not below ${source}`];
}

/** The SQL of a domain is its own: others get fragments and functions, or types. */
function foreignStore({ from, to, line, isType }: Import): string[] {
  const [source, target] = [placeOf(from), placeOf(to)];
  const isStore = /\/(store|[\w-]+-store)\.ts$/.test(to);
  if (!isStore || isType || source === undefined || target === undefined || source === target) return [];
  if (storesShared.has(`${source} ${target}`)) return [];
  return [`${from}:${line} imports ${to}: the store of another domain`];
}

const restricted = ({ from, to, line }: Import): string[] =>
  restrictions
    .filter(({ files, never, except }) => files.test(from) && never.test(to) && !except?.test(to))
    .map(({ reason }) => `${from}:${line} imports ${to}: ${reason}`);

const cycles = (imports: readonly Import[]): string[] =>
  cyclesOf(edgesBetween(imports, (file) => (/\.tsx?$/.test(file) ? file : undefined))).map(
    (files) => `import cycle: ${files.join(", ")}`,
  );
