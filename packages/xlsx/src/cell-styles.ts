import { type Attributes, readXml } from "./xml.ts";
import type { ZipParts } from "./zip-parts.ts";

/** Built-in formats, which have only a number in the file (ECMA-376 part 1, 18.8.30), in the US edition. */
const builtIn: Readonly<Record<number, string>> = {
  1: "0",
  2: "0.00",
  3: "#,##0",
  4: "#,##0.00",
  5: '"$"#,##0',
  6: '"$"#,##0',
  7: '"$"#,##0.00',
  8: '"$"#,##0.00',
  9: "0%",
  10: "0.00%",
  11: "0.00E+00",
  12: "# ?/?",
  13: "# ??/??",
  14: "yyyy-mm-dd",
  15: "yyyy-mm-dd",
  16: "yyyy-mm-dd",
  17: "yyyy-mm-dd",
  18: "h:mm",
  19: "h:mm:ss",
  20: "h:mm",
  21: "h:mm:ss",
  22: "yyyy-mm-dd h:mm",
  37: "#,##0",
  38: "#,##0",
  39: "#,##0.00",
  40: "#,##0.00",
  41: "#,##0",
  42: '"$"#,##0',
  43: "#,##0.00",
  44: '"$"#,##0.00',
  45: "mm:ss",
  46: "[h]:mm:ss",
  47: "mm:ss.0",
  48: "0.0E+0",
  49: "@",
};

/** Dates and times in East Asian and Thai editions; the value shows which. */
const isDateElsewhere = (id: number): boolean =>
  (id >= 27 && id <= 36) || (id >= 50 && id <= 58) || (id >= 71 && id <= 77) || id === 81;

const stylesMax = 100_000;
/** More than any program allows. Parsed formats stay in memory as long as the process runs. */
const ownFormatsMax = 1_000;
const ownFormatCharactersMax = 255;

/** The number format of each cell style, in the order cells refer to them. */
export async function readNumberFormats(parts: ZipParts, part: string): Promise<readonly string[]> {
  const own = new Map<number, string>();
  const ids: number[] = [];
  let within = "";
  const open = (name: string, attributes: Attributes) => {
    if (name === "numFmts" || name === "cellXfs") within = name;
    else if (name === "numFmt" && within === "numFmts") {
      const { numFmtId, formatCode = "" } = attributes;
      if (own.size < ownFormatsMax && formatCode.length <= ownFormatCharactersMax)
        own.set(Number(numFmtId), formatCode);
    } else if (name === "xf" && within === "cellXfs" && ids.length < stylesMax) {
      ids.push(Number(attributes["numFmtId"] ?? 0));
    }
  };
  const close = (name: string) => {
    if (name === within) within = "";
  };
  for await (const _ of readXml(parts.read(part), part, "styleSheet", { open, close }));
  return ids.map(
    (id) => own.get(id) ?? builtIn[id] ?? (isDateElsewhere(id) ? "yyyy-mm-dd h:mm:ss" : "General"),
  );
}
