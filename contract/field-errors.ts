/**
 * Every reason why an input is refused, with its English template. The list is closed: a key is added, never renamed.
 * `{name}` stands for a parameter and `{name[]}` for a list; between double quotes a parameter is escaped as in JSON.
 */
export const fieldErrors = {
  REQUIRED: "is required",
  REQUIRED_OR_OTHER: "is required, or {other}",
  EXCLUDED_BY_OTHER: "must not be there beside {other}",
  EMPTY: "must not be empty",
  INVALID: "is not valid",
  TOO_SHORT: "must have {min} characters or more",
  TOO_LONG: "must have {max} characters at most",
  LENGTH_OUT_OF_RANGE: "must have {min} to {max} characters",
  TOO_SMALL: "must be {min} or more",
  TOO_LARGE: "must be {max} or less",
  TOO_FEW_ENTRIES: "must have {min} entries or more",
  TOO_MANY_ENTRIES: "must have {max} entries at most",
  TOO_MANY_ATTRIBUTES: "must have {max} attributes at most",
  TOO_MANY_ATTRIBUTES_IN_ALL: "must have {max} attributes in all at most",
  TOO_MANY_BYTES: "must have {max} bytes at most",
  TOO_MANY_BYTES_OF_JSON: "must have {max} bytes of JSON at most",
  TOO_DEEP: "must not be nested deeper than {max} levels",
  NUMBER_OUT_OF_RANGE: "must not be out of the range of numbers",
  GIVEN_TWICE: "is given more than once",
  ENTRY_REPEATED: "must not name an entry twice",
  NUL_CHARACTER: "must not contain U+0000",
  HALF_SURROGATE_PAIR: "must not contain half a surrogate pair",
  CONTROL_CHARACTERS: "must not have control characters",
  PERCENT_ENCODING_INVALID: "must be percent-encoded UTF-8",
  ATTRIBUTE_UNKNOWN: "is not an attribute here",
  FILTER_UNKNOWN: "is not a filter",

  NOT_TEXT: "must be text",
  NOT_OBJECT: "must be an object",
  NOT_LIST: "must be a list",
  NOT_WHOLE_NUMBER: "must be a whole number",
  NOT_NUMBER: "must be a number",
  NOT_BOOLEAN: "must be true or false",
  NOT_NULL: "must be null",
  NOT_VALUE: "must be {value}",
  NOT_ONE_OF: "must be one of {options[]}",
  NOT_OF_TYPES: "must have one of the types {types[]}",
  NOT_ONE_OF_OR_OF_TYPES: "must be one of {options[]}, or have one of the types {types[]}",
  NOT_ID: "must be 24 lower-case hex digits",
  NOT_DATE: "must be a date, YYYY-MM-DD",
  NOT_DATE_OR_TIME: "must be a date (YYYY-MM-DD) or a date-time; without an offset it is UTC",
  NOT_TIMESTAMP: "must be UTC, YYYY-MM-DDTHH:MM:SSZ",
  NOT_PATH: "must be a path on this site",
  PATTERN_OF_SCHEMA_MISMATCH: "must match {pattern}",
  DATE_OR_TIME_UNKNOWN: "is not a valid date or date-time",
  DATE_AFTER_OTHER: "must not be after {other}",
  DATE_BEFORE_OTHER: "must not be before {other}",
  TOO_MANY_INTERVALS: "makes more than {max} intervals",

  EMAIL_INVALID: "is not an e-mail address",
  PHONE_FORM_INVALID: "must be E.164 (+49…), or an object with number and country as JSON text",
  PHONE_NOT_JSON: "is not valid JSON",
  PHONE_NOT_OBJECT: "must be an object with number and country",
  PHONE_ATTRIBUTE_UNKNOWN: 'has "{attribute}", which a phone does not have',
  PHONE_NUMBER_MISSING: "must have a number, as text",
  PHONE_COUNTRY_MISSING: "must have a country, two letters of ISO 3166-1",
  PHONE_INVALID: "is not a valid phone number",
  PHONE_EXTENSION: "must not have an extension, which would be lost",
  DATE_INVALID: "must be a day, YYYY-MM-DD",
  NUMBER_INVALID: "must be a number such as 12 or -3.5, at most 30 digits on either side",
  CHECKBOX_INVALID: 'must be "true" or "false"',
  URL_INVALID: "must be an http or https address",
  OPTION_UNKNOWN: '"{value}" is not an option; the options are: {options[]}',
  SINGLE_VALUE_NEEDED: "takes a value, not values: only a MULTI_SELECT has several",
  SEVERAL_VALUES_NEEDED: "must be a list of texts: values, or a JSON array as value",
  SEVERAL_VALUES: "has several values",
  PATTERN_MISMATCH: "does not match the field's pattern",
  MANDATORY: "{label} is mandatory",
  TAKEN_BY_CUSTOMER: "is taken by customer {customer}",
  UNIQUE_VALUE_TAKEN: "is taken by customer {customer}: {label} is unique",
  FIELD_UNKNOWN: "there is no such custom field",
  FIELD_NAME_UNKNOWN: 'there is no custom field "{name}"',
  FIELD_REPEATED: "names a field that this row has named before",
  NOT_A_FIELD: "must name one of {fields[]}",
  NO_BOUND: "is a bound, and only a DATE or a NUMBER has one",
  TAG_UNKNOWN: "there is no such tag",
  TAG_ADDED_AND_REMOVED: "is a tag that is added as well",
  CUSTOMER_UNKNOWN: "there is no such customer",
  CUSTOMER_MISMATCH: "is not the customer that {key} names",
  CATEGORY_UNKNOWN: "there is no such category",
  COMPANY_UNKNOWN: "there is no such company",
  VERSION_UNKNOWN: "there has been no such version",
  CUSTOMER_DELETED_THEN: "was deleted then",
  CUSTOMER_NOT_CREATED_THEN: "did not exist yet",
  HISTORY_TOO_SHORT: "has no history that reaches back so far",

  EXTERNAL_ID_RESERVED: 'must not be "{value}", which is an address of its own',
  TAKEN_BY_CATEGORY: "is taken by another category",
  TAKEN_BY_COMPANY: "is taken by another company",
  TAKEN_BY_FIELD: "is taken by another custom field",
  TAKEN_BY_EVENT_OF_OTHER_COMPANY: "is taken by an event of another company",
  CATEGORY_NAME_TAKEN: "is the name of another category",
  COMPANY_NAME_TAKEN: "is the name of another company",
  FIELD_LABEL_TAKEN: "is the label of another custom field",
  TAG_NAME_TAKEN: "is the name of another tag",
  VIEW_NAME_TAKEN: "is the name of another view",
  CATEGORY_REPEATED: "names a category twice",
  FIELD_REPEATED_IN_ORDER: "names a field twice",

  FIELD_TYPE_PROTECTED: "the default field {field} stays a {type}",
  NEVER_UNIQUE: "must be off: a {type} cannot be unique",
  TYPE_WITHOUT_OPTIONS: "a {type} has no options",
  OPTION_NEEDED: "a {type} needs an option that can be chosen",
  OPTION_VALUE_REPEATED: "is the value of an option before it",
  OPTION_ID_UNKNOWN: "is not an option of this field",
  OPTION_ID_REPEATED: "names an option twice",
  VALIDATION_MEANINGLESS: "means nothing for a {type}",
  ABOVE_OTHER: "must not be more than {other}",
  PATTERN_INVALID: "is not a pattern: {problem}",
  PATTERN_TOO_LARGE:
    "is too large: {size} instructions, {max} at most. Lengths are what minLength and maxLength are for",
  STORED_WITHOUT_VALUE: "{count} of the stored customers have no value",
  STORED_OF_OTHER_TYPE: "{count} of the stored customers have a value that is none of a {type}",
  STORED_NOT_UNIQUE: "{count} of the stored customers share their value with another",

  SCOPE_NOT_OWN: "the caller lacks {scope} itself",
  COMPANIES_NOT_OWN: "the caller may not act for all companies itself",
  ADMIN_NEEDED: "needs the scope ADMIN",
  PASSWORD_WRONG: "is wrong",
  CURSOR_OF_OTHER_LIST: "is not one of this list",
  CURSOR_UNKNOWN: "is no cursor of this enterprise's changes",
  CURSOR_TOO_OLD: "is older than the changes that are kept: take a new one, and read the customers again",
  FROM_BESIDE_CURSOR: "says where to begin, and the cursor where to go on: give one of them",
  IDS_OR_QUERY_NEEDED: "must have either ids or a query",
  QUERY_NEEDED: "goes with a query alone",
  CHANGE_EMPTY: "must say what is to be changed",
  CHANGE_BESIDE_DELETE: "must have nothing else beside delete",
  DURATION_MISMATCH: "does not agree with end_date: that is {minutes} minutes",
  ENDS_TOO_LATE: "ends after the year 9999",

  WEBHOOK_URL_INVALID: "is not an address",
  WEBHOOK_URL_NOT_HTTPS: "must begin with https://",
  WEBHOOK_URL_NOT_ALLOWED: "must begin with https://, unless the operator allows its host",
  WEBHOOK_URL_CREDENTIALS: "must not have a name or a password in it",
  WEBHOOK_URL_NOT_PUBLIC: "is no public address",
  WEBHOOK_URL_PORT: "must have the port 443 or one from 1024 up",

  NOT_ONE_ENTITY_TAG: "must be one entity tag",
  MEDIA_TYPE_NOT_JSON: "must be application/json, in UTF-8",
  MEDIA_TYPE_UNKNOWN: "must be {types[]}",
  BODY_COMPRESSED: "must be absent: compressed bodies are not read",
  PARAMETER_TOO_LONG: "is too long",
  FORM_FILE_REPEATED: "is there twice",
  FORM_TOO_MANY_PARTS: "has more than {max} parts",
  FORM_CUT_OFF: "is a form that is cut off",
  FORM_WITHOUT_FILE: "has no part `file`",
  FORM_WITHOUT_BOUNDARY: "is a form without a boundary",
  GZIP_INVALID: "is not gzip, or is cut off",

  JSON_NOT_UTF8: "is not UTF-8 at byte {byte}",
  JSON_UNREADABLE: "is not JSON: it cannot be read",
  JSON_UNEXPECTED_TEXT: "is not JSON: unexpected text at line {line}, column {column}",
  JSON_NAME_MISSING: "is not JSON: an attribute's name is missing at line {line}, column {column}",
  JSON_VALUE_MISSING: "is not JSON: a value is missing at line {line}, column {column}",
  JSON_COLON_MISSING: "is not JSON: a colon is missing at line {line}, column {column}",
  JSON_COMMA_MISSING: "is not JSON: a comma is missing at line {line}, column {column}",
  JSON_BRACE_MISSING: "is not JSON: a closing brace is missing at line {line}, column {column}",
  JSON_BRACKET_MISSING: "is not JSON: a closing bracket is missing at line {line}, column {column}",
  JSON_TEXT_AFTER_END: "is not JSON: there is text after the end at line {line}, column {column}",
  JSON_COMMENT: "is not JSON: there is a comment at line {line}, column {column}",
  JSON_TEXT_NOT_CLOSED: "is not JSON: a text is not closed at line {line}, column {column}",
  JSON_NUMBER_NOT_FINISHED: "is not JSON: a number is not finished at line {line}, column {column}",
  JSON_ESCAPE_INVALID: "is not JSON: an escape is not valid at line {line}, column {column}",
  JSON_CHARACTER_NOT_ESCAPED: "is not JSON: a character has to be escaped at line {line}, column {column}",

  FILE_EMPTY: "is empty",
  FILE_NUL_CHARACTER: "is not text: it has a NUL character",
  FILE_NUL_CHARACTER_AT: "is not text: it has a NUL character at byte {byte}",
  FILE_ENCODING_MISMATCH: "is not {encoding} throughout",
  FILE_UTF8_BROKEN: "is UTF-8, but is broken at line {line}: save it as UTF-8 again",
  FILE_ZIP: "is a workbook or another zip archive: a file of text is needed",
  FILE_EXCEL_97: "is a workbook of Excel 97: a file of text is needed",
  FILE_COMPRESSED: "is compressed with {program}: a file of text is needed",
  FILE_PDF: "is a PDF: a file of text is needed",
  FILE_UTF32: "is UTF-32: a file of text is needed",
  CSV_TOO_MANY_COLUMNS: "must have {max} columns at most, and has {count} at line {line}",
  CSV_CELL_TOO_LONG: "must have {max} characters in a cell at most, see line {line}",
  CSV_QUOTE_NOT_CLOSED: "has a quote in the row at line {line} that is never closed",
  CSV_ROW_TOO_LONG: "has a row at line {line} that does not end: is a quote not closed?",
  JSON_FILE_NOT_LIST_OR_OBJECT: "is not JSON: it is neither a list nor an object at line {line}",
  JSON_FILE_NAME_MISSING: "is not JSON: an attribute's name is missing at line {line}",
  JSON_FILE_NAME_INVALID: "is not JSON: an attribute's name cannot be read at line {line}",
  JSON_FILE_COLON_MISSING: "is not JSON: a colon is missing at line {line}",
  JSON_FILE_VALUE_MISSING: "is not JSON: a value is missing at line {line}",
  JSON_FILE_BRACE_MISSING: "is not JSON: a comma or the closing brace is missing at line {line}",
  JSON_FILE_ROW_MISSING: "is not JSON: a row is missing at line {line}",
  JSON_FILE_BRACKET_MISSING: "is not JSON: a comma or the closing bracket is missing at line {line}",
  JSON_FILE_TEXT_AFTER_END: "is not JSON: there is text after the end at line {line}",
  JSON_FILE_PART_NOT_CLOSED: "is not JSON: it ends before what begins at line {line} is closed",
  JSON_FILE_NOT_CLOSED: "is not JSON: it ends before it is closed, at line {line}",
  JSON_FILE_WITHOUT_LIST: 'has no list "{list}"',
  JSON_FILE_NO_LIST_IN: 'has no list in "{list}" at line {line}',
  JSON_FILE_ATTRIBUTE_REPEATED: 'has "{attribute}" more than once, again at line {line}',
  JSON_FILE_ATTRIBUTE_INVALID: 'has "{attribute}" at line {line}, which cannot be read',
  JSON_FILE_PART_TOO_LARGE: "has a part that is larger than {max} bytes at line {line}",
  RECORD_TOO_LARGE: "is larger than {max} bytes",
  RECORD_NOT_OBJECT: "is not an object",
  XLSX_NOT_A_WORKBOOK: "is not an XLSX workbook",
  XLSX_ARCHIVE_WITHOUT_WORKBOOK: "is a zip archive, but not an XLSX workbook",
  XLSX_BINARY_FORMAT: "is in the binary format (.xlsb): save it as an Excel workbook (.xlsx)",
  XLSX_LEGACY_FORMAT: "is in the format of Excel 97-2003 (.xls): save it as an Excel workbook (.xlsx)",
  XLSX_ENCRYPTED: "is protected by a password: save it without one",
  XLSX_ARCHIVE_DAMAGED: "is damaged or incomplete: save it again and send it anew",
  XLSX_PART_MISSING: 'is damaged: it has no part "{part}"',
  XLSX_PART_MALFORMED: 'is damaged: its part "{part}" is not well-formed XML',
  XLSX_PART_NOT_UNICODE: 'is damaged: its part "{part}" is not Unicode',
  XLSX_TEXT_MISSING: "is damaged: a cell refers to a text that is not there",
  XLSX_TEXT_REFERENCE_INVALID: 'is damaged: a cell refers to a text by "{reference}"',
  XLSX_CELL_NESTED: "is damaged: it has a cell within a cell",
  XLSX_CELL_REFERENCE_INVALID: 'is damaged: a cell stands at "{reference}"',
  XLSX_NO_SHEET: "has no sheet with cells",
  XLSX_SHEET_UNKNOWN: 'has no sheet "{sheet}"; it has {sheets}',
  XLSX_SHEET_EMPTY: 'has nothing in its sheet "{sheet}"',
  XLSX_TOO_LARGE: "is too large when it is unpacked",
  XLSX_TOO_MANY_PARTS: "has more parts than a workbook has",
  XLSX_TOO_MANY_COLUMNS: "has more columns than a workbook has, in line {line}",
  XLSX_TEXT_TOO_LONG: 'has a text that is too long for a workbook, in its part "{part}"',
  XLSX_CELL_TOO_LONG: "must have {max} characters in a cell at most",
  XLSX_ROW_TOO_LONG: "must have {max} characters in a row at most, see line {line}",

  CELL_DATE_UNKNOWN_FORMAT: "is not a day YYYY-MM-DD: state the date format of the file, such as DD.MM.YYYY",
  CELL_DATE_INVALID: "is not a day written {format}",
  CELL_NUMBER_UNKNOWN_FORMAT:
    'is not a number such as 1234.5: state the decimal mark of the file, "." or ","',
  CELL_NUMBER_INVALID: 'is not a number with "{mark}" as its decimal mark',
  CELL_CHECKBOX_INVALID: "must be yes or no, true or false, 1 or 0, or x",
  CELL_OPTION_AMBIGUOUS: '"{label}" is the label of several options: write the option\'s value',
  CELL_TAGS_UNKNOWN: 'there is no tag "{tags[]}", or several in another case',
  CELL_PHONE_WITHOUT_COUNTRY: "is not an international number (+49…): state the default country of the file",
  ROW_TOO_MANY_CELLS:
    "the row has {cells} cells and the file {columns} columns: is a separator or a quote amiss?",
  ROW_EMPTY: "says nothing in the columns of a customer",
  ROW_REPEATED: "is the same customer as row {row}",
  ROW_NOT_WRITTEN: "was not written: atomic was asked for and another row has errors",
  FIELD_DELETED: 'the field "{label}" was deleted meanwhile',
  DATE_FORMAT_PARTS: "must name day, month and year once each, such as DD.MM.YYYY, M/D/YY or YYYYMMDD",
  DATE_FORMAT_AMBIGUOUS: "must say MM and DD where nothing stands between them and the next part",
  DATE_FORMAT_MONTH_LAST: "must not have the month last behind the year: such a day is read as YYYY-MM-DD",
  COUNTRY_INVALID: "must be two letters of ISO 3166-1, such as DE",
  MAPPING_INVALID: "must be a JSON object of heading to the name of a field, null or an object `create`",
  MAPPING_TARGET_INVALID: "must be the name of a field, null, or an object `create` with label and type",
  COLUMNS_UNMAPPED: 'none of the columns is one of a customer: "{columns[]}"',
  COLUMN_UNMAPPED: "has no field: map it to one, to null to leave it out, or have the field created",
  COLUMNS_OF_SAME_FIELD:
    "{columns[]} all mean {target}: map one of them, and the others to something else or to null",
  COLUMN_UNKNOWN: "is not a column of the file; the columns are: {columns[]}",
  COLUMN_AMBIGUOUS: "is the heading of several columns; say which: {columns[]}",
  COLUMN_REPEATED: "is a column that is named before, in another way",
  COLUMN_READ_ONLY: '"{name}" cannot be written',
  COLUMN_FIELD_UNKNOWN: 'there is no field "{name}"; a column can be: {fields[]}',
  COLUMN_WITHOUT_HEADING: "has no heading: give the new field a label",
  COLUMN_LABEL_TOO_LONG: "is too long for a label: {max} characters at most",
  COLUMN_TYPE_UNKNOWN: "must be created as one of {types[]}",
  COLUMN_NEEDS_OPTIONS: "a {type} needs options: create the field first",
  COLUMN_OF_OTHER_TYPE: 'there is a field "{label}" already, a {type}',

  CHANGED_SINCE: "was changed since",
  RECREATED_SINCE: "was brought back since",
  DELETED_SINCE: "was deleted since",
  BOOKED_SINCE: "has bookings since",
  HISTORY_GONE: "has no history any more",
  FORMER_VALUE_TAKEN: "what it had is taken by customer {customer}",
  PLANNED_CUSTOMER_CHANGED: "customer {customer} was changed",
  PLANNED_CUSTOMER_DELETED: "customer {customer} was deleted",
  PLANNED_EXTERNAL_ID_TAKEN: "the external id {id} was taken",
  PLANNED_OUTCOME_DIFFERS: "would be {outcome}, the plan says {planned}",
  ROW_NOT_PLANNED: "the file has more rows than the plan",
} as const satisfies Record<string, string>;

export type FieldErrorKey = keyof typeof fieldErrors;

/** The keys that a schema can name for its pattern, as `x-error-key`. */
export type PatternKey = Extract<
  FieldErrorKey,
  | "NOT_ID"
  | "NOT_DATE"
  | "NOT_DATE_OR_TIME"
  | "NOT_TIMESTAMP"
  | "NOT_PATH"
  | "EMAIL_INVALID"
  | "EMPTY"
  | "URL_INVALID"
>;

type ParameterIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterIn<Rest>
  : never;

/** The parameters of a key, by the names in its template. */
export type ParametersOf<Key extends FieldErrorKey> = {
  readonly [Name in ParameterIn<(typeof fieldErrors)[Key]> as Name extends `${infer List}[]`
    ? List
    : Name]: Name extends `${string}[]` ? readonly string[] : string | number;
};

export type FieldErrorParameters = Readonly<Record<string, string | number | readonly string[]>>;

/** Why an input is refused: a key with its parameters, and the English text of both. */
export type Reason = {
  readonly key: FieldErrorKey;
  readonly params: FieldErrorParameters;
  readonly message: string;
};

/** Longer lists end in `…`: options and columns may be thousands. */
const listedMax = 40;
const more = "…";

/** The reason of a key. One without a parameter of its template does not compile. */
export function reason<Key extends FieldErrorKey>(
  key: Key,
  ...[given]: keyof ParametersOf<Key> extends never ? [] : [ParametersOf<Key>]
): Reason {
  return reasonWith(key, given ?? {});
}

/** The reason of a key whose parameters are checked elsewhere. */
export function reasonWith(key: FieldErrorKey, given: FieldErrorParameters): Reason {
  const params = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      typeof value === "object" && value.length > listedMax ? [...value.slice(0, listedMax), more] : value,
    ]),
  );
  return { key, params, message: rendered(key, params) };
}

/** The English text of a key with its parameters. */
export const rendered = (key: FieldErrorKey, params: FieldErrorParameters): string =>
  fieldErrors[key].replaceAll(/("?)\{(\w+)(?:\[\])?\}\1/g, (_, quote: string, name: string) => {
    const value = params[name] ?? "";
    const written = (item: string | number) =>
      quote === "" || item === more ? String(item) : JSON.stringify(String(item));
    return typeof value === "object" ? value.map(written).join(", ") : written(value);
  });
