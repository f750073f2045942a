import { useTranslations } from "use-intl";
import { type Explained, messageValues, useFieldErrorText } from "../errors/field-error-text.ts";

/** The text of an error beside the input whose value it is about. */
export function useValueErrorText(): (error: Explained) => string {
  const t = useTranslations("customFields.valueErrors");
  const fieldErrorText = useFieldErrorText();
  return (error) => {
    const { key, params = {} } = error;
    return key !== undefined && t.has(key as never)
      ? t(key as never, messageValues(params) as never)
      : fieldErrorText(error);
  };
}

/** The customer that already has a unique value; null if that is not the error. */
export const holderIn = ({ key, params }: Explained): string | null =>
  key === "UNIQUE_VALUE_TAKEN" || key === "TAKEN_BY_CUSTOMER" ? String(params?.["customer"]) : null;
