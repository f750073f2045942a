import type { ErrorLocation, FieldError } from "@clientele/contract/errors";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { TSchema } from "typebox";

// Nothing is coerced, filled in or dropped: what does not fit is the caller's to hear of, all of it.
const ajv = new Ajv2020({
  allErrors: true,
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  strict: false,
  verbose: true,
  validateFormats: false,
});

/** A check of one part of a request: every error of the value, none when it fits. */
export type Check = (value: unknown) => FieldError[];

const fieldErrorsMax = 1_000;
/** Of one row among many. */
export const rowErrorsMax = 100;

/** Compiles a schema once. Errors carry paths in dots (`customfields.0.value`), and are `max` at most. */
export function compileCheck(schema: TSchema, place: ErrorLocation, max = fieldErrorsMax): Check {
  const validate: ValidateFunction = ajv.compile(schema);
  const checkLists = compileLists(schema as ListSchema);
  return (value) => {
    // A list that is too long is not looked into: its entries could have errors without end.
    const tooLong: FieldError[] = [];
    checkLists?.(value, [], (at, limit) => tooLong.push(errorAt(place, at, mostEntries(limit))));
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

/** Names the lists in a value that are too long; null when the schema has none that could be. */
type ListCheck =
  | ((value: unknown, at: readonly string[], tell: (at: readonly string[], limit: number) => void) => void)
  | null;

function compileLists({ items, maxItems, properties, anyOf }: ListSchema): ListCheck {
  const branches = (anyOf ?? []).map(compileLists).filter((it) => it !== null);
  const inItems = items ? compileLists(items) : null;
  const inProperties = Object.entries(properties ?? {}).flatMap(([name, property]) => {
    const check = compileLists(property);
    return check ? [[name, check] as const] : [];
  });
  if (maxItems === undefined && !inItems && branches.length + inProperties.length === 0) return null;
  return (value, at, tell) => {
    if (typeof value !== "object" || value === null) return;
    for (const branch of branches) branch(value, at, tell);
    if (!Array.isArray(value)) {
      for (const [name, check] of inProperties) {
        const property = (value as Record<string, unknown>)[name];
        if (property !== undefined) check(property, [...at, name], tell);
      }
    } else if (maxItems !== undefined && value.length > maxItems) tell(at, maxItems);
    else if (inItems)
      for (const [index, item] of value.entries()) inItems(item, [...at, String(index)], tell);
  };
}

const mostEntries = (limit: unknown): string => `must have ${limit} entries at most`;

const errorAt = (
  place: ErrorLocation,
  at: readonly string[],
  message: string,
  code: FieldError["code"] = "REQUEST_INVALID",
): FieldError => ({ in: place, path: at.join("."), code, message });

function fieldErrorsOf(errors: readonly ErrorObject[], place: ErrorLocation, max: number): FieldError[] {
  const fieldErrors = new Map<string, FieldError>();
  for (const error of meant(errors)) {
    const fieldError = fieldErrorOf(error, place);
    if (!fieldErrors.has(fieldError.path)) fieldErrors.set(fieldError.path, fieldError);
    if (fieldErrors.size === max) break;
  }
  return [...fieldErrors.values()];
}

/**
 * A union that nothing fits reports every branch and itself. Told is the branch the caller meant, the only one whose
 * type fits; when none or several were meant, the union alone.
 */
function* meant(errors: readonly ErrorObject[]): Generator<ErrorObject> {
  const unions = errors.filter(({ keyword }) => keyword === "anyOf");
  if (unions.length === 0) {
    yield* errors;
    return;
  }
  const byPlace = Map.groupBy(errors, ({ instancePath }) => instancePath);
  const unionsByPlace = Map.groupBy(unions, ({ instancePath }) => instancePath);
  const branches = new Map(unions.map((it) => [it, meantBranch(it, byPlace.get(it.instancePath)!)]));
  for (const error of errors) {
    const around = placesAround(error.instancePath).flatMap((place) => unionsByPlace.get(place) ?? []);
    const isTold = around.every((union) => {
      const branch = branches.get(union);
      if (error === union) return branch === undefined;
      if (!error.schemaPath.startsWith(`${union.schemaPath}/`)) return true;
      return branch !== undefined && error.schemaPath.startsWith(`${branch}/`);
    });
    if (isTold) yield error;
  }
}

/** `/a/0/b` lies in itself, in `/a/0`, in `/a` and in the whole. */
function placesAround(instancePath: string): string[] {
  const places = [instancePath];
  for (let end = instancePath.lastIndexOf("/"); end >= 0; end = instancePath.lastIndexOf("/", end - 1)) {
    places.push(instancePath.slice(0, end));
    if (end === 0) break;
  }
  return places;
}

/** The schema path of the one branch whose type fits, if there is just one. */
function meantBranch(union: ErrorObject, errorsThere: readonly ErrorObject[]): string | undefined {
  const refused = new Set(
    errorsThere
      .filter(
        ({ keyword, schemaPath }) =>
          (keyword === "type" || keyword === "const") && schemaPath.startsWith(`${union.schemaPath}/`),
      )
      .map(({ schemaPath }) => Number(schemaPath.slice(union.schemaPath.length + 1).split("/")[0])),
  );
  const fitting = (union.schema as TSchema[]).map((_, index) => index).filter((index) => !refused.has(index));
  return fitting.length === 1 ? `${union.schemaPath}/${fitting[0]}` : undefined;
}

function fieldErrorOf(error: ErrorObject, place: ErrorLocation): FieldError {
  const at = error.instancePath.split("/").slice(1).map(unescapePointer);
  const fieldError = (path: string[], message: string, code?: FieldError["code"]) =>
    errorAt(place, path, message, code);
  const params = error.params as Record<string, string | number>;
  switch (error.keyword) {
    case "additionalProperties":
      return fieldError(
        [...at, String(params["additionalProperty"])],
        "is not an attribute here",
        "ATTRIBUTE_UNKNOWN",
      );
    case "required":
      return fieldError([...at, String(params["missingProperty"])], "is required");
    case "type":
      return fieldError(at, `must be ${typeText(String(params["type"]))}`);
    case "const":
      return fieldError(at, `must be ${JSON.stringify(error.schema)}`);
    case "enum":
      return fieldError(
        at,
        `must be one of ${(error.schema as unknown[]).map((it) => JSON.stringify(it)).join(", ")}`,
      );
    case "anyOf":
      return fieldError(at, `must be ${unionText(error.schema as TSchema[])}`);
    case "pattern":
      return fieldError(at, patternText(error));
    case "minLength":
      return fieldError(
        at,
        params["limit"] === 1 ? "must not be empty" : `must have ${params["limit"]} characters or more`,
      );
    case "maxLength":
      return fieldError(at, `must have ${params["limit"]} characters at most`);
    case "minimum":
      return fieldError(at, `must be ${params["limit"]} or more`);
    case "maximum":
      return fieldError(at, `must be ${params["limit"]} or less`);
    case "maxItems":
      return fieldError(at, mostEntries(params["limit"]));
    case "maxProperties":
      return fieldError(at, `must have ${params["limit"]} attributes at most`);
    case "uniqueItems":
      return fieldError(at, "must not name an entry twice");
    default:
      return fieldError(at, error.message ?? "is not valid");
  }
}

const unescapePointer = (part: string) => part.replaceAll("~1", "/").replaceAll("~0", "~");

const typeTexts: Record<string, string> = {
  string: "text",
  object: "an object",
  array: "a list",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
};
const typeText = (type: string): string => typeTexts[type] ?? type;

function unionText(branches: readonly TSchema[]): string {
  const constants = branches.flatMap((it) => ("const" in it ? [JSON.stringify(it.const)] : []));
  const types = branches.flatMap((it) =>
    "type" in it && !("const" in it) ? [typeText(String(it.type))] : [],
  );
  return [...(constants.length > 1 ? [`one of ${constants.join(", ")}`] : constants), ...new Set(types)].join(
    " or ",
  );
}

/** A pattern is told by its description: `24 lower-case hex digits.` */
const patternText = (error: ErrorObject): string => {
  const { description } = error.parentSchema as { description?: string };
  if (!description) return `must match ${error.schema}`;
  const words = description.replace(/\.$/, "");
  return `must be ${/^[A-Z][A-Z]/.test(words) ? words : words[0]!.toLowerCase() + words.slice(1)}`;
};
