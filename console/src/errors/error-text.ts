import { ClienteleError } from "@clientele/sdk";
import { useTranslations } from "use-intl";
import { messageValues } from "./field-error-text.ts";

/** A sentence for people about an error: by its code, else what the service said. */
export function useErrorText(): (error: unknown) => string {
  const t = useTranslations();
  return (error) => {
    if (!(error instanceof ClienteleError)) return t("errors.codes.UNKNOWN");
    const { code, problem } = error;
    if (problem && t.has(`problems.reasons.${problem.key}`))
      return t(`problems.reasons.${problem.key}`, messageValues(problem.params) as never);
    return t.has(`errors.codes.${code}`) ? t(`errors.codes.${code}`) : error.message;
  };
}
