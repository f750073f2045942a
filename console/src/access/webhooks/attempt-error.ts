import type { AttemptErrorKey } from "@clientele/contract/attempt-errors";
import type { TemplateParameters } from "@clientele/contract/templates";
import { useTranslations } from "use-intl";
import { messageValues } from "../../errors/field-error-text.ts";

type Unanswered = { error: string; key: AttemptErrorKey | null; params: TemplateParameters | null };

/** Why an attempt had no answer. Attempts stored by earlier versions have no key, but the service's English text. */
export function useAttemptErrorText(): (attempt: Unanswered) => string {
  const t = useTranslations("access.deliveries");
  return ({ error, key, params }) =>
    key !== null && t.has(`attemptErrors.${key}`)
      ? t(`attemptErrors.${key}`, messageValues(params ?? {}) as never)
      : t("noAnswer", { error });
}
