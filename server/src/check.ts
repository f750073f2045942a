import type { Fault, FaultPlace } from "@clientele/contract/errors";
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

/** A check of one part of a request: every fault of the value, none when it fits. */
export type Check = (value: unknown) => Fault[];

/** Compiles a schema once. Faults carry paths in dots (`customfields.0.value`). */
export function compileCheck(schema: TSchema, place: FaultPlace): Check {
  const validate: ValidateFunction = ajv.compile(schema);
  return (value) => (validate(value) ? [] : faultsOf(validate.errors ?? [], place));
}

const faultsMax = 1_000;

function faultsOf(errors: readonly ErrorObject[], place: FaultPlace): Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of withoutBranches(errors)) {
    const fault = faultOf(error, place);
    if (!faults.has(fault.path)) faults.set(fault.path, fault);
    if (faults.size === faultsMax) break;
  }
  return [...faults.values()];
}

/**
 * A union that nothing fits reports every branch and itself. Told is the branch the caller meant, the one whose
 * faults lie deepest; when none was meant, the union alone.
 */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === "anyOf");
  return errors.filter((error) => {
    for (const union of unions) {
      if (error === union) {
        if (meantBranch(union, errors) !== undefined) return false;
      } else if (error.schemaPath.startsWith(`${union.schemaPath}/`) && isInside(error, union)) {
        const meant = meantBranch(union, errors);
        if (meant === undefined || !error.schemaPath.startsWith(`${meant}/`)) return false;
      }
    }
    return true;
  });
}

const isInside = (error: ErrorObject, union: ErrorObject): boolean =>
  error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`);

/** The schema path of the one branch whose type fits, if there is just one. */
function meantBranch(union: ErrorObject, errors: readonly ErrorObject[]): string | undefined {
  const branches = union.schema as TSchema[];
  const refused = new Set(
    errors
      .filter(
        (it) =>
          it.instancePath === union.instancePath &&
          (it.keyword === "type" || it.keyword === "const") &&
          it.schemaPath.startsWith(`${union.schemaPath}/`),
      )
      .map((it) => Number(it.schemaPath.slice(union.schemaPath.length + 1).split("/")[0])),
  );
  const meant = branches.map((_, index) => index).filter((index) => !refused.has(index));
  return meant.length === 1 ? `${union.schemaPath}/${meant[0]}` : undefined;
}

function faultOf(error: ErrorObject, place: FaultPlace): Fault {
  const at = error.instancePath.split("/").slice(1).map(unescapePointer);
  const fault = (path: string[], message: string, code: Fault["code"] = "REQUEST_INVALID"): Fault => ({
    in: place,
    path: path.join("."),
    code,
    message,
  });
  const params = error.params as Record<string, string | number>;
  switch (error.keyword) {
    case "additionalProperties":
      return fault(
        [...at, String(params["additionalProperty"])],
        "is not an attribute here",
        "ATTRIBUTE_UNKNOWN",
      );
    case "required":
      return fault([...at, String(params["missingProperty"])], "is required");
    case "type":
      return fault(at, `must be ${typeText(String(params["type"]))}`);
    case "const":
      return fault(at, `must be ${JSON.stringify(error.schema)}`);
    case "enum":
      return fault(at, `must be one of ${(error.schema as unknown[]).map((it) => JSON.stringify(it)).join(", ")}`);
    case "anyOf":
      return fault(at, `must be ${unionText(error.schema as TSchema[])}`);
    case "pattern":
      return fault(at, patternText(error));
    case "minLength":
      return fault(
        at,
        params["limit"] === 1 ? "must not be empty" : `must have ${params["limit"]} characters or more`,
      );
    case "maxLength":
      return fault(at, `must have ${params["limit"]} characters at most`);
    case "minimum":
      return fault(at, `must be ${params["limit"]} or more`);
    case "maximum":
      return fault(at, `must be ${params["limit"]} or less`);
    case "maxItems":
      return fault(at, `must have ${params["limit"]} entries at most`);
    case "uniqueItems":
      return fault(at, "must not name an entry twice");
    default:
      return fault(at, error.message ?? "is not valid");
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

const patternText = (error: ErrorObject): string => {
  const described = (error.parentSchema as { description?: string } | undefined)?.description;
  return described ? `must be: ${described}` : `must match ${error.schema}`;
};
