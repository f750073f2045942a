import { useTranslations } from "use-intl";

/** The service's sentences about a value, and what they are called here. */
const sentences = [
  ["email", /^is not an e-mail address$/],
  ["day", /^must be a day, /],
  ["number", /^must be a number such as /],
  ["url", /^must be an http or https address$/],
  ["tooShort", /^must have (?<count>\d+) characters or more$/],
  ["tooLong", /^must have (?<count>\d+) characters at most$/],
  ["tooSmall", /^must be (?<bound>-?[\d.e+]+) or more$/],
  ["tooLarge", /^must be (?<bound>-?[\d.e+]+) or less$/],
  ["pattern", /^does not match the field's pattern$/],
  ["phone", /^(is not a valid phone number|must be E\.164 |must have a number, )/],
  ["country", /^must have a country, /],
  ["extension", /^must not have an extension/],
  ["option", /^"(?<option>.*)" is not an option; /],
  ["mandatory", / is mandatory$/],
  ["taken", /^is taken by customer (?<customerId>[0-9a-f]{24})/],
  ["reserved", /^must not be ".*", which is an address of its own$/],
  ["control", /^must not have control characters$/],
  ["tag", /^there is no such tag$/],
] as const;

/** What is wrong with a value, in the person's language; a sentence that is not known is the service's own. */
export function useFaultText(): (sentence: string) => string {
  const t = useTranslations("customFields.faults");
  return (sentence) => {
    for (const [key, form] of sentences) {
      const found = form.exec(sentence);
      if (found) return t(key as "tooShort", { ...found.groups } as never);
    }
    return sentence;
  };
}

/** The customer that has a value already which only one may have; null when that is not what is wrong. */
export const holderIn = (sentence: string): string | null =>
  /^is taken by customer ([0-9a-f]{24})/.exec(sentence)?.[1] ?? null;
