// biome-ignore-all lint/style/noNonNullAssertion: a workbook has a sheet, and names are keys of the attributes.
import { posix } from "node:path";
import { xlsxError } from "./xlsx-error.ts";
import { type Attributes, readXml } from "./xml.ts";
import type { ZipParts } from "./zip-parts.ts";

export type Sheet = { name: string; part: string; visible: boolean };

export type Workbook = {
  sheets: readonly Sheet[];
  /** Serial dates start in 1904, as in old Macintosh workbooks. */
  date1904: boolean;
  styles: string | undefined;
  sharedStrings: string | undefined;
};

type Relationship = { id: string; kind: string; target: string };

const sheetsMax = 10_000;

export async function readWorkbook(parts: ZipParts): Promise<Workbook> {
  const main = (await relationshipsOf(parts, "")).find(({ kind }) => kind === "officeDocument")?.target;
  if (main === undefined || !parts.has(main)) throw xlsxError("ARCHIVE_WITHOUT_WORKBOOK");
  if (main.endsWith(".bin")) {
    throw xlsxError("BINARY_FORMAT");
  }
  if (!main.endsWith(".xml")) throw xlsxError("ARCHIVE_WITHOUT_WORKBOOK");
  const relationships = await relationshipsOf(parts, main);
  const targetOf = (kind: string) => {
    const target = relationships.find((relationship) => relationship.kind === kind)?.target;
    return target !== undefined && parts.has(target) ? target : undefined;
  };

  const worksheets = new Map(
    relationships.filter(({ kind }) => kind === "worksheet").map(({ id, target }) => [id, target]),
  );
  const sheets: Sheet[] = [];
  let date1904 = false;
  const open = (name: string, attributes: Attributes) => {
    if (name === "workbookPr") date1904 = ["1", "true", "on"].includes(attributes["date1904"] ?? "");
    if (name !== "sheet" || sheets.length === sheetsMax) return;
    const part = worksheets.get(relationshipId(attributes));
    // Chart sheets have no cells.
    if (part === undefined) return;
    sheets.push({
      name: attributes["name"] ?? "",
      part,
      visible: (attributes["state"] ?? "visible") === "visible",
    });
  };
  for await (const _ of readXml(parts.read(main), main, "workbook", { open }));
  if (sheets.length === 0) throw xlsxError("NO_SHEET");
  return { sheets, date1904, styles: targetOf("styles"), sharedStrings: targetOf("sharedStrings") };
}

/** Returns the sheet of that name, or the first visible one. */
export function chooseSheet(sheets: readonly Sheet[], name: string | undefined): Sheet {
  if (name === undefined) return sheets.find(({ visible }) => visible) ?? sheets[0]!;
  // Sheet names are unique regardless of case.
  const same = (it: Sheet) => it.name.toLowerCase() === name.trim().toLowerCase();
  const sheet = sheets.find((it) => it.name === name) ?? sheets.find(same);
  if (sheet) return sheet;
  const names = sheets.map((sheet) => `"${sheet.name}"`).join(", ");
  throw xlsxError("SHEET_UNKNOWN", { sheet: name, sheets: names });
}

/** The relationships of a part; `""` is the whole archive. The kind is the last segment of the type's URL. */
async function relationshipsOf(parts: ZipParts, part: string): Promise<Relationship[]> {
  const path = posix.join(posix.dirname(part), "_rels", `${posix.basename(part)}.rels`);
  const found: Relationship[] = [];
  if (!parts.has(path)) {
    if (part === "") throw xlsxError("ARCHIVE_WITHOUT_WORKBOOK");
    return found;
  }
  const open = (name: string, { Id, Type = "", Target = "", TargetMode }: Attributes) => {
    if (name !== "Relationship" || TargetMode === "External" || found.length === sheetsMax) return;
    const target = Target.startsWith("/") ? Target.slice(1) : posix.join(posix.dirname(part), Target);
    found.push({ id: Id ?? "", kind: Type.slice(Type.lastIndexOf("/") + 1), target });
  };
  for await (const _ of readXml(parts.read(path), path, "Relationships", { open }));
  return found;
}

/** `r:id`, whatever prefix the file uses. */
function relationshipId(attributes: Attributes): string {
  const name = Object.keys(attributes).find((value) => value.endsWith(":id"));
  return name === undefined ? "" : attributes[name]!;
}
