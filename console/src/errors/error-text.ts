import { ClienteleError } from "@clientele/sdk";
import { useTranslations } from "use-intl";

/** A sentence for people about an error: by its code, else what the service said. */
export function useErrorText(): (error: unknown) => string {
  const t = useTranslations("errors.codes");
  return (error) => {
    if (!(error instanceof ClienteleError)) return t("UNKNOWN");
    const { code } = error;
    return t.has(code as never) ? t(code as never) : error.message;
  };
}
