import { useTranslations } from "use-intl";
import { useFieldErrorText as useAnyErrorText } from "../errors/fault-text.ts";
import { recognized } from "../errors/recognized.ts";

/** What is wrong with a value, said to whoever has just written it. */
export function useFieldErrorText(): (sentence: string) => string {
  const t = useTranslations("customFields.faults");
  const anyErrorText = useAnyErrorText();
  return (sentence) => {
    const known = recognized(sentence);
    return known && t.has(known.key as never)
      ? t(known.key as never, known.values as never)
      : anyErrorText({ message: sentence });
  };
}

/** The customer that has a value already which only one may have; null when that is not what is wrong. */
export const holderIn = (sentence: string): string | null => {
  const known = recognized(sentence);
  return known?.key === "taken" ? known.values["customer"]! : null;
};
