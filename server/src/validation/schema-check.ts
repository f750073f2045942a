import type { ErrorLocation, FieldError } from "@clientele/contract/errors";
import { type PatternKey, type Reason, reason, typeWords } from "@clientele/contract/field-errors";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { TSchema } from "typebox";
import { required } from "./required.ts";

// Values are never coerced, defaulted or dropped: the caller gets every error.
const ajv = new Ajv2020({
  allErrors: true,
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  strict: false,
  verbose: true,
  validateFormats: false,
});

/** Returns every error of one part of a request. */
export type Check = (value: unknown) => FieldError[];

const fieldErrorsMax = 1_000;
/** Maximum for one row of many. */
export const rowErrorsMax = 100;

/** Compiles a schema. Its check returns at most `max` errors, with dotted paths (`customfields.0.value`). */
export function compileCheck(schema: TSchema, place: ErrorLocation, max = fieldErrorsMax): Check {
  const validate: ValidateFunction = ajv.compile(schema);
  const checkLists = compileLists(schema as ListSchema);
  return (value) => {
    // The entries of a list that is too long are not checked: they could have millions of errors.
    const tooLong: FieldError[] = [];
    checkLists?.(value, [], (at, limit) =>
      tooLong.push(errorAt(place, at, reason("TOO_MANY_ENTRIES", { max: limit }))),
    );
    if (tooLong.length > 0) return tooLong;
    return validate(value) ? [] : fieldErrorsOf(validate.errors ?? [], place, max);
  };
}

type ListSchema = {
  items?: ListSchema;
  maxItems?: number;
  properties?: Record<string, ListSchema>;
  anyOf?: ListSchema[];
};

/** Reports the lists in a value that are too long; null when the schema limits no list. */
type ListCheck =
  | ((value: unknown, at: readonly string[], report: (at: readonly string[], limit: number) => void) => void)
  | null;

function compileLists({ items, maxItems, properties, anyOf }: ListSchema): ListCheck {
  const branches = (anyOf ?? []).map(compileLists).filter((it) => it !== null);
  const inItems = items ? compileLists(items) : null;
  const inProperties = Object.entries(properties ?? {}).flatMap(([name, property]) => {
    const check = compileLists(property);
    return check ? [[name, check] as const] : [];
  });
  if (maxItems === undefined && !inItems && branches.length + inProperties.length === 0) return null;
  return (value, at, report) => {
    if (typeof value !== "object" || value === null) return;
    for (const branch of branches) branch(value, at, report);
    if (!Array.isArray(value)) {
      for (const [name, check] of inProperties) {
        const property = (value as Record<string, unknown>)[name];
        if (property !== undefined) check(property, [...at, name], report);
      }
    } else if (maxItems !== undefined && value.length > maxItems) report(at, maxItems);
    else if (inItems)
      for (const [index, item] of value.entries()) inItems(item, [...at, String(index)], report);
  };
}

const errorAt = (
  location: ErrorLocation,
  at: readonly string[],
  message: Reason,
  code: FieldError["code"] = "REQUEST_INVALID",
): FieldError => ({ in: location, path: at.join("."), code, ...message });

function fieldErrorsOf(errors: readonly ErrorObject[], place: ErrorLocation, max: number): FieldError[] {
  const fieldErrors = new Map<string, FieldError>();
  for (const error of relevantErrors(errors)) {
    const fieldError = fieldErrorOf(error, place);
    if (!fieldErrors.has(fieldError.path)) fieldErrors.set(fieldError.path, fieldError);
    if (fieldErrors.size === max) break;
  }
  return [...fieldErrors.values()];
}

/**
 * For a value that fits no branch of a union, ajv reports the union and every branch. Yields the errors of the only
 * branch whose type fits, else the error of the union alone.
 */
function* relevantErrors(errors: readonly ErrorObject[]): Generator<ErrorObject> {
  const unions = errors.filter(({ keyword }) => keyword === "anyOf");
  if (unions.length === 0) {
    yield* errors;
    return;
  }
  const byPlace = Map.groupBy(errors, ({ instancePath }) => instancePath);
  const unionsByPlace = Map.groupBy(unions, ({ instancePath }) => instancePath);
  const branches = new Map(
    unions.map((it) => [
      it,
      intendedBranch(it, required(byPlace.get(it.instancePath), "the errors of the union")),
    ]),
  );
  for (const error of errors) {
    const around = placesAround(error.instancePath).flatMap((place) => unionsByPlace.get(place) ?? []);
    const isRelevant = around.every((union) => {
      const branch = branches.get(union);
      if (error === union) return branch === undefined;
      if (!error.schemaPath.startsWith(`${union.schemaPath}/`)) return true;
      return branch !== undefined && error.schemaPath.startsWith(`${branch}/`);
    });
    if (isRelevant) yield error;
  }
}

/** The paths around `/a/0/b`: itself, `/a/0`, `/a` and the whole value. */
function placesAround(instancePath: string): string[] {
  const places = [instancePath];
  for (let end = instancePath.lastIndexOf("/"); end >= 0; end = instancePath.lastIndexOf("/", end - 1)) {
    places.push(instancePath.slice(0, end));
    if (end === 0) break;
  }
  return places;
}

/** The schema path of the branch whose type fits, if it is the only one. */
function intendedBranch(union: ErrorObject, errorsThere: readonly ErrorObject[]): string | undefined {
  const mismatched = new Set(
    errorsThere
      .filter(
        ({ keyword, schemaPath }) =>
          (keyword === "type" || keyword === "const") && schemaPath.startsWith(`${union.schemaPath}/`),
      )
      .map(({ schemaPath }) => Number(schemaPath.slice(union.schemaPath.length + 1).split("/")[0])),
  );
  const fitting = (union.schema as TSchema[])
    .map((_, index) => index)
    .filter((index) => !mismatched.has(index));
  return fitting.length === 1 ? `${union.schemaPath}/${fitting[0]}` : undefined;
}

function fieldErrorOf(error: ErrorObject, location: ErrorLocation): FieldError {
  const at = error.instancePath.split("/").slice(1).map(unescapePointer);
  const params = error.params as Record<string, string | number>;
  if (error.keyword === "additionalProperties")
    return errorAt(
      location,
      [...at, String(params["additionalProperty"])],
      reason("ATTRIBUTE_UNKNOWN"),
      "ATTRIBUTE_UNKNOWN",
    );
  if (error.keyword === "required")
    return errorAt(location, [...at, String(params["missingProperty"])], reason("REQUIRED"));
  return errorAt(location, at, reasonOf(error));
}

/** Maps each keyword that the contract's schemas use to an error key. The messages of ajv never leave this module. */
function reasonOf({ keyword, params, schema, parentSchema }: ErrorObject): Reason {
  const limit = Number((params as { limit?: number }).limit);
  switch (keyword) {
    case "type":
      return reason(typeKeys[String(schema)] ?? "INVALID");
    case "const":
      return reason("NOT_VALUE", { value: JSON.stringify(schema) });
    case "enum":
      return reason("NOT_ONE_OF", { options: (schema as unknown[]).map((value) => JSON.stringify(value)) });
    case "anyOf":
      return reasonOfUnion(schema as TSchema[]);
    case "pattern":
      return reasonOfPattern(String(schema), parentSchema as { "x-error-key"?: PatternKey });
    case "minLength":
      return limit === 1 ? reason("EMPTY") : reason("TOO_SHORT", { min: limit });
    case "maxLength":
      return reason("TOO_LONG", { max: limit });
    case "minimum":
      return reason("TOO_SMALL", { min: limit });
    case "maximum":
      return reason("TOO_LARGE", { max: limit });
    case "minItems":
      return reason("TOO_FEW_ENTRIES", { min: limit });
    case "maxItems":
      return reason("TOO_MANY_ENTRIES", { max: limit });
    case "maxProperties":
      return reason("TOO_MANY_ATTRIBUTES", { max: limit });
    case "uniqueItems":
      return reason("ENTRY_REPEATED");
    default:
      return reason("INVALID");
  }
}

const unescapePointer = (part: string) => part.replaceAll("~1", "/").replaceAll("~0", "~");

const typeKeys: Readonly<
  Record<
    string,
    "NOT_TEXT" | "NOT_OBJECT" | "NOT_LIST" | "NOT_WHOLE_NUMBER" | "NOT_NUMBER" | "NOT_BOOLEAN" | "NOT_NULL"
  >
> = {
  string: "NOT_TEXT",
  object: "NOT_OBJECT",
  array: "NOT_LIST",
  integer: "NOT_WHOLE_NUMBER",
  number: "NOT_NUMBER",
  boolean: "NOT_BOOLEAN",
  null: "NOT_NULL",
};

function reasonOfUnion(branches: readonly TSchema[]): Reason {
  const options = branches.flatMap((branch) => ("const" in branch ? [JSON.stringify(branch.const)] : []));
  const types = [
    ...new Set(
      branches.flatMap((branch) =>
        "type" in branch && !("const" in branch) ? [typeWords[branch.type as keyof typeof typeWords]] : [],
      ),
    ),
  ];
  if (types.length === 0) return reason("NOT_ONE_OF", { options });
  if (options.length === 0) return reason("NOT_OF_TYPES", { types });
  return reason("NOT_ONE_OF_OR_OF_TYPES", { options, types });
}

/** A schema declares an error key for its pattern, so that the message says what the pattern means. */
const reasonOfPattern = (pattern: string, { "x-error-key": key }: { "x-error-key"?: PatternKey }): Reason =>
  key === undefined ? reason("PATTERN_OF_SCHEMA_MISMATCH", { pattern }) : reason(key);
