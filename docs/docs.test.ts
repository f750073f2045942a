import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { glossary } from "../console/src/i18n/glossary.ts";

const top = fileURLToPath(new URL("..", import.meta.url));
const pages = globSync("{*.md,docs/**/*.md,examples/*.md,.changeset/README.md}", { cwd: top }).sort();
const textOf = (page: string) => readFileSync(join(top, page), "utf8");

/** The anchors of a page as GitHub makes them from headings. */
const anchorsOf = (page: string) =>
  Array.from(textOf(page).matchAll(/^#+ (.+)$/gm), ([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- ]/gu, "")
      .replaceAll(" ", "-"),
  );

describe.each(pages)("%s", (page) => {
  test("links to files and headings that exist", () => {
    const links = Array.from(textOf(page).matchAll(/\]\((?!https?:)([^)]+)\)/g), ([, link]) => link!);
    const broken = links.filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(top, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

test("recipes name files and folders that exist", () => {
  const paths = Array.from(textOf("docs/recipes.md").matchAll(/`([\w.-]+\/[\w./-]*)`/g), ([, path]) => path!);
  expect(paths.length).toBeGreaterThan(20);
  const missing = paths.filter((path) => !path.includes("NNNN") && !existsSync(join(top, path)));
  expect(missing).toEqual([]);
});

test("the glossary has every term that the console's texts must use", () => {
  const cells = textOf("docs/glossary.md")
    .split(/[|;]/)
    .map((cell) => cell.trim());
  const terms = Object.values(glossary).flatMap(({ en, de }) => [en, de]);
  expect(terms.filter((term) => !cells.some((cell) => cell.split(", ").includes(term)))).toEqual([]);
});
