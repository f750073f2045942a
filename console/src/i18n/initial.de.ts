import type { ErrorCode } from "@clientele/contract/errors";
import type { ClienteleError } from "@clientele/sdk";
import customFields from "../custom-fields/messages/de.json";
import customers from "../customers/messages/de.json";
import errors from "../errors/messages/de.json";
import shell from "../shell/messages/de.json";
import signIn from "../sign-in/messages/de.json";
import type { Exactly } from "./exactly.ts";

const allErrors = errors satisfies {
  codes: Exactly<ErrorCode | ClienteleError["code"] | "UNKNOWN", typeof errors.codes>;
};

export default { customFields, customers, errors: allErrors, shell, signIn };
