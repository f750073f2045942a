import { useTranslations } from "use-intl";
import { useNameOfLabel } from "../custom-fields/name-of-label.ts";
import { useLocale } from "../i18n/locale.tsx";
import { recognized } from "./recognized.ts";

type FieldError = { code?: string; message: string };

/** What is the same for errors of one kind, whatever values they name. */
export const kindOfError = ({ message }: FieldError): string => recognized(message)?.key ?? message;

/** What is wrong with a value, for people: the sentence of the service where no translation knows it. */
export function useFieldErrorText(): (fieldError: FieldError) => string {
  const t = useTranslations("fieldErrors");
  const whatIs = useTranslations("errors.codes");
  const { locale } = useLocale();
  const nameOfLabel = useNameOfLabel();
  return ({ code, message }) => {
    const known = recognized(message);
    if (known?.key === "mandatory") return t(known.key, { label: nameOfLabel(known.values["label"]!) });
    if (known) return t(known.key, known.values as never);
    // The sentences of the service are English.
    if (locale === "en" || code === undefined || !whatIs.has(code as never)) return message;
    return t("other", { what: whatIs(code as never), message });
  };
}
