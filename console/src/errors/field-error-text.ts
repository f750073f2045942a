import type { FieldErrorKey, TypeWord } from "@clientele/contract/field-errors";
import type { FieldError } from "@clientele/sdk";
import { useFormatter, useTranslations } from "use-intl";
import { useNameOfLabel } from "../custom-fields/name-of-label.ts";

/** An error of a request or of a row. A row that an older service has stored has no key. */
export type Explained = Pick<FieldError, "message"> & { key?: FieldErrorKey; params?: FieldError["params"] };

/** What all errors of one kind share, whatever values they name. */
export const kindOf = ({ key, message }: Explained): string => key ?? message;

/** The text of an error in the language of the person. The service's English where the console knows no such key. */
export function useFieldErrorText(): (error: Explained) => string {
  const t = useTranslations("fieldErrors");
  const word = useTranslations("problems.types");
  const format = useFormatter();
  const nameOfLabel = useNameOfLabel();
  return ({ key, params = {}, message }) => {
    if (key === undefined || !t.has(key)) return message;
    const values = messageValues(params);
    if (key === "MANDATORY") values["label"] = nameOfLabel(String(params["label"]));
    if (key === "NOT_OF_TYPES" || key === "NOT_ONE_OF_OR_OF_TYPES")
      values["types"] = format.list(
        (params["types"] as TypeWord[]).map((type) => (word.has(type) ? word(type) : type)),
        { type: "disjunction" },
      );
    return t(key, values as never);
  };
}

/** Parameters as arguments of a message: lists in one text. */
export const messageValues = (params: NonNullable<Explained["params"]>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "object" ? value.join(", ") : value,
    ]),
  );
