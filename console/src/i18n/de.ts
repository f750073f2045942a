import type { AttemptErrorKey } from "@clientele/contract/attempt-errors";
import type { ProblemKey } from "@clientele/contract/errors";
import type { FieldErrorKey, TypeWord } from "@clientele/contract/field-errors";
import access from "../access/messages/de.json";
import account from "../account/messages/de.json";
import fieldErrors from "../errors/fields/messages/de.json";
import problems from "../errors/problems/messages/de.json";
import imports from "../imports/messages/de.json";
import insight from "../insight/messages/de.json";
import type { Exactly } from "./exactly.ts";
import first from "./initial.de.ts";

const { attemptErrors } = access.deliveries;
attemptErrors satisfies Exactly<AttemptErrorKey, typeof attemptErrors>;
problems satisfies {
  reasons: Exactly<ProblemKey, typeof problems.reasons>;
  types: Exactly<TypeWord, typeof problems.types>;
};
const allFieldErrors = fieldErrors satisfies Exactly<FieldErrorKey, typeof fieldErrors>;

export default { ...first, access, account, fieldErrors: allFieldErrors, imports, insight, problems };
