/** Every reason why a workbook cannot be read, with its English text. `{name}` stands for a parameter. */
export const xlsxErrors = {
  EMPTY: "is empty",
  NOT_A_WORKBOOK: "is not an XLSX workbook",
  ARCHIVE_WITHOUT_WORKBOOK: "is a zip archive, but not an XLSX workbook",
  BINARY_FORMAT: "is in the binary format (.xlsb): save it as an Excel workbook (.xlsx)",
  LEGACY_FORMAT: "is in the format of Excel 97-2003 (.xls): save it as an Excel workbook (.xlsx)",
  ENCRYPTED: "is protected by a password: save it without one",
  ARCHIVE_DAMAGED: "is damaged or incomplete: save it again and upload the new file",
  PART_MISSING: 'is damaged: it has no part "{part}"',
  PART_MALFORMED: 'is damaged: its part "{part}" is not well-formed XML',
  PART_NOT_UNICODE: 'is damaged: its part "{part}" is not Unicode',
  TEXT_MISSING: "is damaged: a cell refers to a missing text",
  TEXT_REFERENCE_INVALID: 'is damaged: a cell refers to a text as "{reference}"',
  CELL_NESTED: "is damaged: it has a cell within a cell",
  CELL_REFERENCE_INVALID: 'is damaged: a cell has the reference "{reference}"',
  NO_SHEET: "has no sheet with cells",
  SHEET_UNKNOWN: 'has no sheet "{sheet}"; the sheets are {sheets}',
  SHEET_EMPTY: 'has no cells in the sheet "{sheet}"',
  TOO_LARGE: "is too large when unpacked",
  TOO_MANY_PARTS: "has more parts than a workbook can have",
  TOO_MANY_COLUMNS: "has more columns than a workbook can have, in line {line}",
  TEXT_TOO_LONG: 'has a text that is too long for a workbook, in the part "{part}"',
  CELL_TOO_LONG: "must have at most {max} characters per cell",
  ROW_TOO_LONG: "must have at most {max} characters per row, see line {line}",
} as const;

export type XlsxErrorCode = keyof typeof xlsxErrors;

type ParameterOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** The parameters of an error, by the names in its text. */
export type XlsxErrorParameters<Code extends XlsxErrorCode> = Readonly<
  Record<ParameterOf<(typeof xlsxErrors)[Code]>, string | number>
>;

/** Thrown for a file that is not a workbook, is damaged or exceeds the reader's limits. */
export class XlsxError extends Error {
  override name = "XlsxError";
  readonly code: XlsxErrorCode;
  readonly parameters: Readonly<Record<string, string | number>>;

  constructor(
    code: XlsxErrorCode,
    parameters: Readonly<Record<string, string | number>>,
    options?: { cause: unknown },
  ) {
    super(
      xlsxErrors[code].replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name])),
      options,
    );
    this.code = code;
    this.parameters = parameters;
  }
}

/** Creates an error; a missing parameter of its text does not compile. */
export const xlsxError = <Code extends XlsxErrorCode>(
  code: Code,
  ...[parameters, cause]: [ParameterOf<(typeof xlsxErrors)[Code]>] extends [never]
    ? [parameters?: Record<string, never>, cause?: unknown]
    : [parameters: XlsxErrorParameters<Code>, cause?: unknown]
): XlsxError => new XlsxError(code, parameters ?? {}, cause === undefined ? undefined : { cause });
