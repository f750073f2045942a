import { escapeText } from "./text-escapes.ts";

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const relationshipsOf = "http://schemas.openxmlformats.org/package/2006/relationships";
const typesOf = "http://schemas.openxmlformats.org/package/2006/content-types";
const relationshipsType = "application/vnd.openxmlformats-package.relationships+xml";
const spreadsheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const numbered = (count: number, write: (number: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index + 1)).join("");

export const contentTypes = (sheets: number): string =>
  `${declaration}<Types xmlns="${typesOf}"><Default Extension="rels" ContentType="${relationshipsType}"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheetType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${spreadsheetType}.styles+xml"/>${numbered(
    sheets,
    (sheet) =>
      `<Override PartName="/xl/worksheets/sheet${sheet}.xml" ContentType="${spreadsheetType}.worksheet+xml"/>`,
  )}</Types>`;

export const packageRelationships = `${declaration}<Relationships xmlns="${relationshipsOf}"><Relationship Id="rId1" Type="${kinds}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

export const workbook = (names: readonly string[]): string =>
  `${declaration}<workbook xmlns="${main}" xmlns:r="${kinds}"><bookViews><workbookView/></bookViews><sheets>${names
    .map((name, index) => `<sheet name="${escapeText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
    .join("")}</sheets></workbook>`;

export const workbookRelationships = (sheets: number): string =>
  `${declaration}<Relationships xmlns="${relationshipsOf}">${numbered(
    sheets,
    (sheet) =>
      `<Relationship Id="rId${sheet}" Type="${kinds}/worksheet" Target="worksheets/sheet${sheet}.xml"/>`,
  )}<Relationship Id="rId${sheets + 1}" Type="${kinds}/styles" Target="styles.xml"/></Relationships>`;

/** Cell styles: 0 general, 1 text (the built-in format 49), 2 bold text. */
export const styles = `${declaration}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
