import { type GivenFor, listedParameters, renderTemplate, type TemplateParameters } from "./templates.ts";

/** Every reason why an input is rejected, with its English template. The list is closed: keys are added, never renamed. */
export const fieldErrors = {
  REQUIRED: "is required",
  REQUIRED_OR_OTHER: "is required unless {other} is set",
  EXCLUDED_BY_OTHER: "must not be combined with {other}",
  EMPTY: "must not be empty",
  INVALID: "is not valid",
  TOO_SHORT: "must have at least {min} characters",
  TOO_LONG: "must have at most {max} characters",
  LENGTH_OUT_OF_RANGE: "must have {min} to {max} characters",
  TOO_SMALL: "must be {min} or more",
  TOO_LARGE: "must be {max} or less",
  TOO_FEW_ENTRIES: "must have at least {min} entries",
  TOO_MANY_ENTRIES: "must have at most {max} entries",
  TOO_MANY_ATTRIBUTES: "must have at most {max} attributes",
  TOO_MANY_ATTRIBUTES_IN_ALL: "must have at most {max} attributes in total",
  TOO_MANY_BYTES: "must have at most {max} bytes",
  TOO_MANY_BYTES_OF_JSON: "must have at most {max} bytes as JSON",
  TOO_DEEP: "must not be nested deeper than {max} levels",
  NUMBER_OUT_OF_RANGE: "is outside the range of numbers",
  GIVEN_TWICE: "is given more than once",
  ENTRY_REPEATED: "must not repeat an entry",
  NUL_CHARACTER: "must not contain U+0000",
  HALF_SURROGATE_PAIR: "must not contain an unpaired surrogate",
  CONTROL_CHARACTERS: "must not contain control characters",
  PERCENT_ENCODING_INVALID: "must be percent-encoded UTF-8",
  ATTRIBUTE_UNKNOWN: "is not a known attribute",
  FILTER_UNKNOWN: "is not a known filter",

  NOT_TEXT: "must be a string",
  NOT_OBJECT: "must be an object",
  NOT_LIST: "must be an array",
  NOT_WHOLE_NUMBER: "must be an integer",
  NOT_NUMBER: "must be a number",
  NOT_BOOLEAN: "must be true or false",
  NOT_NULL: "must be null",
  NOT_VALUE: "must be {value}",
  NOT_ONE_OF: "must be one of {options[]}",
  NOT_OF_TYPES: "must be {types[or]}",
  NOT_ONE_OF_OR_OF_TYPES: "must be one of {options[]}, or {types[or]}",
  NOT_ID: "must be 24 lower-case hex digits",
  NOT_DATE: "must be a date, YYYY-MM-DD",
  NOT_DATE_OR_TIME: "must be a date (YYYY-MM-DD) or a date-time; without an offset it is UTC",
  NOT_TIMESTAMP: "must be UTC, YYYY-MM-DDTHH:MM:SSZ",
  NOT_PATH: "must be a path on this site",
  PATTERN_OF_SCHEMA_MISMATCH: "must match {pattern}",
  DATE_OR_TIME_UNKNOWN: "is not a valid date or date-time",
  DATE_AFTER_OTHER: "must not be after {other}",
  DATE_BEFORE_OTHER: "must not be before {other}",
  TOO_MANY_INTERVALS: "results in more than {max} intervals",

  EMAIL_INVALID: "is not an e-mail address",
  PHONE_FORM_INVALID: "must be E.164 (+49…), or an object with number and country as a JSON string",
  PHONE_NOT_JSON: "is not valid JSON",
  PHONE_NOT_OBJECT: "must be an object with number and country",
  PHONE_ATTRIBUTE_UNKNOWN: 'has an unknown attribute "{attribute}"',
  PHONE_NUMBER_MISSING: "must have a number, as a string",
  PHONE_COUNTRY_MISSING: "must have a country, as an ISO 3166-1 alpha-2 code",
  PHONE_INVALID: "is not a valid phone number",
  PHONE_EXTENSION: "must not have an extension, which would be lost",
  DATE_INVALID: "must be a date, YYYY-MM-DD",
  NUMBER_INVALID:
    "must be a number such as 12 or -3.5, with at most 30 digits before and after the decimal point",
  CHECKBOX_INVALID: 'must be "true" or "false"',
  URL_INVALID: "must be an http or https URL",
  OPTION_UNKNOWN: '"{value}" is not an option; the options are: {options[]}',
  SINGLE_VALUE_NEEDED: "requires value instead of values: only a MULTI_SELECT has several values",
  SEVERAL_VALUES_NEEDED: "must be an array of strings in values, or a JSON array in value",
  SEVERAL_VALUES: "has several values",
  PATTERN_MISMATCH: "does not match the field's pattern",
  MANDATORY: "{label} is required",
  TAKEN_BY_CUSTOMER: "is taken by customer {customer}",
  UNIQUE_VALUE_TAKEN: "is taken by customer {customer}: {label} is unique",
  FIELD_UNKNOWN: "there is no such custom field",
  FIELD_NAME_UNKNOWN: 'there is no custom field "{name}"',
  FIELD_REPEATED: "repeats a field of the same row",
  NOT_A_FIELD: "must name one of {fields[]}",
  NO_BOUND: "requires a field of type DATE or NUMBER",
  TAG_UNKNOWN: "there is no such tag",
  TAG_ADDED_AND_REMOVED: "is a tag that is also added",
  CUSTOMER_UNKNOWN: "there is no such customer",
  CUSTOMER_MISMATCH: "does not match the customer of {key}",
  CATEGORY_UNKNOWN: "there is no such category",
  COMPANY_UNKNOWN: "there is no such branch",
  VERSION_UNKNOWN: "there is no such version",
  CUSTOMER_DELETED_THEN: "was deleted at that time",
  CUSTOMER_NOT_CREATED_THEN: "did not exist yet",
  HISTORY_TOO_SHORT: "has no history that far back",

  EXTERNAL_ID_RESERVED: 'must not be "{value}", which is a reserved path',
  TAKEN_BY_CATEGORY: "is taken by another category",
  TAKEN_BY_COMPANY: "is taken by another branch",
  TAKEN_BY_FIELD: "is taken by another custom field",
  TAKEN_BY_EVENT_OF_OTHER_COMPANY: "is taken by an event of another branch",
  CATEGORY_NAME_TAKEN: "is the name of another category",
  COMPANY_NAME_TAKEN: "is the name of another branch",
  FIELD_LABEL_TAKEN: "is the label of another custom field",
  FIELD_NUMBERS_USED: "cannot be added: an enterprise can create {max} fields, deleted ones included",
  TAG_NAME_TAKEN: "is the name of another tag",
  VIEW_NAME_TAKEN: "is the name of another view",
  CATEGORY_REPEATED: "repeats a category",
  FIELD_REPEATED_IN_ORDER: "repeats a field",

  FIELD_TYPE_PROTECTED: "the type of the default field {field} must stay {type}",
  NEVER_UNIQUE: "must be false: a {type} cannot be unique",
  TYPE_WITHOUT_OPTIONS: "a {type} has no options",
  OPTION_NEEDED: "a {type} needs at least one active option",
  OPTION_VALUE_REPEATED: "repeats the value of an earlier option",
  OPTION_ID_UNKNOWN: "is not an option of this field",
  OPTION_ID_REPEATED: "repeats an option",
  VALIDATION_MEANINGLESS: "does not apply to a {type}",
  ABOVE_OTHER: "must not be greater than {other}",
  PATTERN_INVALID: "is not a valid pattern: {problem}",
  PATTERN_TOO_LARGE:
    "compiles to {size} instructions, at most {max} are allowed. Use minLength and maxLength to limit the length",
  STORED_WITHOUT_VALUE: "{count} of the stored customers have no value",
  STORED_OF_OTHER_TYPE: "{count} of the stored customers have a value that is not a valid {type}",
  STORED_NOT_UNIQUE: "{count} of the stored customers share their value with another customer",

  SCOPE_NOT_OWN: "the caller does not have {scope}",
  COMPANIES_NOT_OWN: "the caller may not act for all branches",
  ADMIN_NEEDED: "requires the scope ADMIN",
  PASSWORD_WRONG: "is incorrect",
  CURSOR_OF_OTHER_LIST: "does not belong to this list",
  CURSOR_UNKNOWN: "does not belong to the changes of this enterprise",
  CURSOR_TOO_OLD:
    "is older than the retained changes: get a new cursor with from=now, then list the customers again",
  CURSOR_OF_LOST_CHANGES:
    "belongs to changes that this database has lost in a failover or restore: get a new cursor with from=now, then list the customers again",
  FROM_BESIDE_CURSOR: "must not be combined with a cursor",
  IDS_OR_QUERY_NEEDED: "must have either ids or a query",
  QUERY_NEEDED: "requires a query",
  CHANGE_EMPTY: "must contain at least one change",
  CHANGE_BESIDE_DELETE: "must not combine delete with other changes",
  DURATION_MISMATCH: "does not match end_date, which is {minutes} minutes after start_date",
  ENDS_TOO_LATE: "ends after the year 9999",

  WEBHOOK_URL_INVALID: "is not a valid URL",
  WEBHOOK_URL_NOT_HTTPS: "must start with https://",
  WEBHOOK_URL_NOT_ALLOWED: "must start with https://, unless the operator allows its host",
  WEBHOOK_URL_CREDENTIALS: "must not contain a user name or password",
  WEBHOOK_URL_NOT_PUBLIC: "is not a public address",
  WEBHOOK_URL_PORT: "must use port 443 or a port of at least 1024",

  NOT_ONE_ENTITY_TAG: "must be a single entity tag",
  MEDIA_TYPE_NOT_JSON: "must be application/json, in UTF-8",
  MEDIA_TYPE_UNKNOWN: "must be one of {types[]}",
  BODY_COMPRESSED: "must be absent: compressed bodies are not supported",
  PARAMETER_TOO_LONG: "is too long",
  FORM_FILE_REPEATED: "occurs twice",
  FORM_TOO_MANY_PARTS: "has more than {max} parts",
  FORM_CUT_OFF: "is a truncated form",
  FORM_WITHOUT_FILE: "has no part `file`",
  FORM_WITHOUT_BOUNDARY: "is a form without a boundary",
  GZIP_INVALID: "is not valid gzip or is truncated",

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
  JSON_TEXT_NOT_CLOSED: "is not JSON: a string is not closed at line {line}, column {column}",
  JSON_NUMBER_NOT_FINISHED: "is not JSON: a number is incomplete at line {line}, column {column}",
  JSON_ESCAPE_INVALID: "is not JSON: an escape is not valid at line {line}, column {column}",
  JSON_CHARACTER_NOT_ESCAPED: "is not JSON: a character must be escaped at line {line}, column {column}",

  FILE_EMPTY: "is empty",
  FILE_NUL_CHARACTER: "is not text: it contains a NUL character",
  FILE_NUL_CHARACTER_AT: "is not text: it contains a NUL character at byte {byte}",
  FILE_ENCODING_MISMATCH: "contains text that is not {encoding}",
  FILE_UTF8_BROKEN: "contains invalid UTF-8 at line {line}: save it as UTF-8 again",
  FILE_ZIP: "is a workbook or another zip archive: a text file is required",
  FILE_EXCEL_97: "is an Excel 97 workbook: a text file is required",
  FILE_COMPRESSED: "is compressed with {program}: a text file is required",
  FILE_PDF: "is a PDF: a text file is required",
  FILE_UTF32: "is UTF-32: a text file in another encoding is required",
  CSV_TOO_MANY_COLUMNS: "must have at most {max} columns, but has {count} at line {line}",
  CSV_CELL_TOO_LONG: "must have at most {max} characters per cell, see line {line}",
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
  JSON_FILE_PART_NOT_CLOSED: "is not JSON: the value that starts at line {line} is not closed",
  JSON_FILE_NOT_CLOSED: "is not JSON: it ends early, at line {line}",
  JSON_FILE_WITHOUT_LIST: 'has no list "{list}"',
  JSON_FILE_NO_LIST_IN: 'has no list in "{list}" at line {line}',
  JSON_FILE_ATTRIBUTE_REPEATED: 'has "{attribute}" more than once, again at line {line}',
  JSON_FILE_ATTRIBUTE_INVALID: 'has an unreadable "{attribute}" at line {line}',
  JSON_FILE_PART_TOO_LARGE: "has a value that is larger than {max} bytes at line {line}",
  RECORD_TOO_LARGE: "is larger than {max} bytes",
  RECORD_NOT_OBJECT: "is not an object",
  XLSX_NOT_A_WORKBOOK: "is not an XLSX workbook",
  XLSX_ARCHIVE_WITHOUT_WORKBOOK: "is a zip archive, but not an XLSX workbook",
  XLSX_BINARY_FORMAT: "is in the binary format (.xlsb): save it as an Excel workbook (.xlsx)",
  XLSX_LEGACY_FORMAT: "is in the format of Excel 97-2003 (.xls): save it as an Excel workbook (.xlsx)",
  XLSX_ENCRYPTED: "is protected by a password: save it without one",
  XLSX_ARCHIVE_DAMAGED: "is damaged or incomplete: save it again and upload the new file",
  XLSX_PART_MISSING: 'is damaged: it has no part "{part}"',
  XLSX_PART_MALFORMED: 'is damaged: its part "{part}" is not well-formed XML',
  XLSX_PART_NOT_UNICODE: 'is damaged: its part "{part}" is not Unicode',
  XLSX_TEXT_MISSING: "is damaged: a cell refers to a missing text",
  XLSX_TEXT_REFERENCE_INVALID: 'is damaged: a cell refers to a text as "{reference}"',
  XLSX_CELL_NESTED: "is damaged: it has a cell within a cell",
  XLSX_CELL_REFERENCE_INVALID: 'is damaged: a cell has the reference "{reference}"',
  XLSX_NO_SHEET: "has no sheet with cells",
  XLSX_SHEET_UNKNOWN: 'has no sheet "{sheet}"; the sheets are {sheets}',
  XLSX_SHEET_EMPTY: 'has no cells in the sheet "{sheet}"',
  XLSX_TOO_LARGE: "is too large when unpacked",
  XLSX_TOO_MANY_PARTS: "has more parts than a workbook can have",
  XLSX_TOO_MANY_COLUMNS: "has more columns than a workbook can have, in line {line}",
  XLSX_TEXT_TOO_LONG: 'has a text that is too long for a workbook, in the part "{part}"',
  XLSX_CELL_TOO_LONG: "must have at most {max} characters per cell",
  XLSX_ROW_TOO_LONG: "must have at most {max} characters per row, see line {line}",

  CELL_DATE_UNKNOWN_FORMAT: "is not a date YYYY-MM-DD: set the date format of the file, such as DD.MM.YYYY",
  CELL_DATE_INVALID: "is not a date in the format {format}",
  CELL_NUMBER_UNKNOWN_FORMAT:
    'is not a number such as 1234.5: set the decimal separator of the file, "." or ","',
  CELL_NUMBER_INVALID: 'is not a number with "{mark}" as its decimal separator',
  CELL_CHECKBOX_INVALID: "must be yes or no, true or false, 1 or 0, or x",
  CELL_OPTION_AMBIGUOUS: '"{label}" is the label of several options: use the option\'s value',
  CELL_TAGS_UNKNOWN: 'there is no tag "{tags[]}", or several tags differ from it only in case',
  CELL_PHONE_WITHOUT_COUNTRY: "is not an international number (+49…): set the default country of the file",
  ROW_TOO_MANY_CELLS:
    "the row has {cells} cells but the file has {columns} columns: check the delimiter and the quotes",
  ROW_EMPTY: "has no values in the imported columns",
  ROW_REPEATED: "is the same customer as row {row}",
  ROW_NOT_WRITTEN: "was not written: the import is atomic and another row has errors",
  FIELD_DELETED: 'the field "{label}" was deleted meanwhile',
  DATE_FORMAT_PARTS: "must contain day, month and year once each, such as DD.MM.YYYY, M/D/YY or YYYYMMDD",
  DATE_FORMAT_AMBIGUOUS: "must use MM and DD where no separator follows",
  DATE_FORMAT_MONTH_LAST: "must not have the month last after the year: such a date is read as YYYY-MM-DD",
  COUNTRY_INVALID: "must be an ISO 3166-1 alpha-2 code, such as DE",
  MAPPING_INVALID: "must be a JSON object that maps headings to a field name, null or an object `create`",
  MAPPING_TARGET_INVALID: "must be a field name, null, or an object `create` with label and type",
  COLUMNS_UNMAPPED: 'no column matches a customer attribute or a field: "{columns[]}"',
  COLUMN_UNMAPPED: "matches no field: map it to a field, map it to null to skip it, or create the field",
  COLUMNS_OF_SAME_FIELD:
    "{columns[]} all map to {target}: keep one of them, and map the others to another field or to null",
  COLUMN_UNKNOWN: "is not a column of the file; the columns are: {columns[]}",
  COLUMN_AMBIGUOUS: "is the heading of several columns; use one of {columns[]}",
  COLUMN_REPEATED: "is a column that another entry already maps",
  COLUMN_READ_ONLY: '"{name}" cannot be written',
  COLUMN_FIELD_UNKNOWN: 'there is no field "{name}"; a column can be: {fields[]}',
  COLUMN_WITHOUT_HEADING: "has no heading: give the new field a label",
  COLUMN_LABEL_TOO_LONG: "is too long for a label: at most {max} characters",
  COLUMN_TYPE_UNKNOWN: "must be created as one of {types[]}",
  COLUMN_NEEDS_OPTIONS: "a {type} needs options: create the field first",
  COLUMN_OF_OTHER_TYPE: 'the field "{label}" already exists with the type {type}',

  CHANGED_SINCE: "has been changed since",
  RECREATED_SINCE: "has been restored since",
  DELETED_SINCE: "has been deleted since",
  BOOKED_SINCE: "has new bookings since",
  HISTORY_GONE: "no longer has a history",
  FORMER_VALUE_TAKEN: "the former value is taken by customer {customer}",
  PLANNED_CUSTOMER_CHANGED: "customer {customer} was changed",
  PLANNED_CUSTOMER_DELETED: "customer {customer} was deleted",
  PLANNED_EXTERNAL_ID_TAKEN: "the external id {id} was taken",
  PLANNED_OUTCOME_DIFFERS: "would be {outcome}, but is {planned} in the plan",
  ROW_NOT_PLANNED: "the file has more rows than the plan",
} as const satisfies Record<string, string>;

/** JSON types in words, as the `types` of a key name them. */
export const typeWords = {
  string: "a string",
  number: "a number",
  integer: "an integer",
  boolean: "true or false",
  object: "an object",
  array: "an array",
  null: "null",
} as const;
export type TypeWord = (typeof typeWords)[keyof typeof typeWords];

export type FieldErrorKey = keyof typeof fieldErrors;

/** The keys that a schema can set as the `x-error-key` of its pattern. */
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

export type FieldErrorParameters = TemplateParameters;

/** Why an input is rejected: a key with its parameters, and their English text. */
export type Reason<Key extends FieldErrorKey = FieldErrorKey> = {
  readonly key: Key;
  readonly params: FieldErrorParameters;
  readonly message: string;
};

/** The reason for a key. A call that omits a parameter of the template does not compile. */
export function reason<Key extends FieldErrorKey>(
  key: Key,
  ...[given]: GivenFor<(typeof fieldErrors)[Key]>
): Reason<Key> {
  return reasonWith(key, given ?? {});
}

/** The reason for a key whose parameters are checked elsewhere. */
export function reasonWith<Key extends FieldErrorKey>(key: Key, given: FieldErrorParameters): Reason<Key> {
  const params = listedParameters(given);
  return { key, params, message: rendered(key, params) };
}

/** The English text of a key with its parameters. */
export const rendered = (key: FieldErrorKey, params: FieldErrorParameters): string =>
  renderTemplate(fieldErrors[key], params);
