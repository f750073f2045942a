import type { ErrorCode } from "@clientele/contract/errors";
import type { ClienteleError } from "@clientele/sdk";
import customFields from "../custom-fields/messages/en.json";
import customers from "../customers/messages/en.json";
import errors from "../errors/messages/en.json";
import shell from "../shell/messages/en.json";
import signIn from "../sign-in/messages/en.json";
import type { Exactly } from "./exactly.ts";

const allErrors = errors satisfies {
  codes: Exactly<ErrorCode | ClienteleError["code"] | "UNKNOWN", typeof errors.codes>;
};

export default { customFields, customers, errors: allErrors, shell, signIn };
