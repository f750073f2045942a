import type { AttemptErrorKey } from "@clientele/contract/attempt-errors";
import type { ProblemKey } from "@clientele/contract/errors";
import type { FieldErrorKey, TypeWord } from "@clientele/contract/field-errors";
import access from "../access/messages/en.json";
import account from "../account/messages/en.json";
import fieldErrors from "../errors/fields/messages/en.json";
import problems from "../errors/problems/messages/en.json";
import imports from "../imports/messages/en.json";
import insight from "../insight/messages/en.json";
import type { Exactly } from "./exactly.ts";
import first from "./initial.en.ts";

const { attemptErrors } = access.deliveries;
attemptErrors satisfies Exactly<AttemptErrorKey, typeof attemptErrors>;
problems satisfies {
  reasons: Exactly<ProblemKey, typeof problems.reasons>;
  types: Exactly<TypeWord, typeof problems.types>;
};
const allFieldErrors = fieldErrors satisfies Exactly<FieldErrorKey, typeof fieldErrors>;

/** All messages; their keys and arguments type `t()`. */
export default { ...first, access, account, fieldErrors: allFieldErrors, imports, insight, problems };
