import { useTranslations } from "use-intl";
import { useNameOfLabel } from "../custom-fields/name-of-label.ts";
import { useLocale } from "../i18n/locale.tsx";

type Fault = { code?: string; message: string };

/**
 * The sentences in which the service tells what is wrong with a value, each with the key that it is translated by.
 * What a group of the expression has found is an argument of the translation.
 */
const sentences = [
  [/^is not an e-mail address$/, "email"],
  [/^is not a valid phone number$/, "phone"],
  [/^is not an international number/, "phoneCountry"],
  [/^must not have an extension/, "phoneExtension"],
  [/^must have a country,/, "phoneCountry"],
  [/^(must be E\.164|must have a number,)/, "phoneForm"],
  [/^must be a day, /, "day"],
  [/^is not a day YYYY-MM-DD: state the date format/, "dateFormat"],
  [/^is not a day written (?<format>.+)$/, "dateWritten"],
  [/^is not a number such as 1234\.5: state the decimal mark/, "decimalMark"],
  [/^is not a number with "(?<mark>.)" as its decimal mark$/, "decimalWritten"],
  [/^must be a number such as/, "number"],
  [/^must be yes or no, true or false/, "checkbox"],
  [/^must be "true" or "false"$/, "checkbox"],
  [/^must be an http or https address$/, "url"],
  [/^(?<value>".*") is not an option; the options are: (?<options>.*)$/s, "option"],
  [/^(?<value>".*") is the label of several options/s, "optionTwice"],
  [/^there is no tag (?<tags>.+), or several in another case$/s, "tag"],
  [/^there is no such tag$/, "tagUnknown"],
  [/^must have (?<count>\d+) characters at most/, "tooLong"],
  [/^must have (?<count>\d+) characters or more$/, "tooShort"],
  [/^must be (?<limit>-?[\d.e+]+) or more$/, "tooSmall"],
  [/^must be (?<limit>-?[\d.e+]+) or less$/, "tooLarge"],
  [/^does not match the field's pattern$/, "pattern"],
  [/^(?<label>.+) is mandatory$/s, "mandatory"],
  [/^is taken by customer (?<customer>[0-9a-f]{24})/, "taken"],
  [/^must not be ".*", which is an address of its own$/s, "reserved"],
  [/^must not have control characters$/, "control"],
  [/^the row has (?<cells>\d+) cells and the file (?<columns>\d+) columns/, "cells"],
  [/^says nothing in the columns of a customer$/, "empty"],
  [/^is the same customer as row (?<row>\d+)$/, "repeated"],
  [/^there is no such customer$/, "noCustomer"],
  [/^is not the customer that (?<key>\w+) names$/, "otherCustomer"],
  [/^must not be empty$/, "notEmpty"],
  [/^must NOT have fewer than 1 characters/, "notEmpty"],
  [/^must not contain U\+0000$/, "unreadable"],
  [/^must not contain half a surrogate pair$/, "unreadable"],
  [/^the field (?<label>".*") was deleted meanwhile$/s, "fieldGone"],
  [/^there is no custom field/, "fieldUnknown"],
  [/^was changed since$/, "changedSince"],
  [/^was deleted since$/, "deletedSince"],
  [/^has bookings since$/, "bookingsSince"],
  [/^has no history any more$/, "noHistory"],
  [/^is no such day or moment$/, "moment"],
  [/^ends after the year 9999$/, "endsLate"],
  [/^there is no such company$/, "companyGone"],
  [/^must NOT have more than (?<count>\d+) characters/, "tooLong"],
  [/^must be <= (?<limit>-?[\d.e+]+)$/, "tooLarge"],
  [/^must be >= (?<limit>-?[\d.e+]+)$/, "tooSmall"],
  [/^must be integer$/, "whole"],
  [/^customer (?<customer>[0-9a-f]{24}) was changed$/, "planChanged"],
  [/^customer (?<customer>[0-9a-f]{24}) was deleted$/, "planDeleted"],
  [/^the external id (?<id>.+) was taken$/s, "planTaken"],
  [/^(?<columns>.+) all mean (?<target>.+): map one of them/s, "sameColumns"],
  [/^none of the columns is one of a customer/, "noColumns"],
  [/^has no field: map it to one/, "unmapped"],
  [/^no field (?<name>".*"); a column can be/s, "fieldUnknown"],
  [/^give the new field a label/, "newLabel"],
  [/^is empty$/, "fileEmpty"],
  [/^has nothing in its sheet (?<sheet>".*")$/s, "sheetEmpty"],
  [/^has no sheet (?<sheet>".*"); it has (?<sheets>.*)$/s, "sheetMissing"],
  [/^is not text/, "fileNotText"],
  [/^is UTF-8, but is broken at line (?<line>\d+)/, "fileBroken"],
  [/^has a quote in the row at line (?<line>\d+)/, "quoteOpen"],
  [/^has a row at line (?<line>\d+) that does not end/, "quoteOpen"],
  [/^is not JSON/, "fileNotJson"],
  [/^is not an XLSX workbook/, "fileNotWorkbook"],
  [/^is in the binary format/, "fileBinary"],
  [/^is damaged/, "fileDamaged"],
  [/^what it had is taken by customer (?<customer>[0-9a-f]{24})/, "takenBack"],
] as const;

/** Which sentence it is, and what it names; null when it is none of those. */
export const recognized = (message: string) => {
  for (const [sentence, key] of sentences) {
    const match = sentence.exec(message);
    if (match) return { key, values: match.groups ?? {} };
  }
  return null;
};

/** What is the same for faults of one kind, whatever values they name. */
export const kindOfFault = ({ message }: Fault): string => recognized(message)?.key ?? message;

/** What is wrong with a value, for people: the sentence of the service where no translation knows it. */
export function useFaultText(): (fault: Fault) => string {
  const t = useTranslations("errors.faults");
  const { locale } = useLocale();
  const nameOfLabel = useNameOfLabel();
  return ({ code, message }) => {
    const known = recognized(message);
    if (known?.key === "mandatory") return t(known.key, { label: nameOfLabel(known.values["label"]!) });
    if (known) return t(known.key, known.values as never);
    // The sentences of the service are English.
    if (locale === "en") return message;
    return code !== undefined && t.has(`byCode.${code}` as never)
      ? t(`byCode.${code}` as never, { message } as never)
      : message;
  };
}
