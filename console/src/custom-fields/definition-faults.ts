import { useTranslations } from "use-intl";

const sentences = [
  [/^is the label of another custom field$/, "labelTaken"],
  [/^is the name of another category$/, "nameTaken"],
  [/^must not be empty$/, "empty"],
  [/^must NOT have fewer than 1 characters/, "empty"],
  [/^is the value of an option before it$/, "optionTwice"],
  [/^a \w+ needs an option that can be chosen$/, "optionNeeded"],
  [/^is not a pattern: (?<reason>.*)$/s, "noPattern"],
  [/^is too large: /, "patternLarge"],
  [/^must not be more than max/, "bounds"],
  [/^must be off: a \w+ cannot be unique$/, "neverUnique"],
  [/^there is no such category$/, "categoryGone"],
] as const;

/** What is wrong with the definition of a field, in the person's language. */
export function useDefinitionError(): (sentence: string) => string {
  const t = useTranslations("customFields.definitionFaults");
  return (sentence) => {
    for (const [form, key] of sentences) {
      const found = form.exec(sentence);
      if (found) return t(key, { reason: "", ...found.groups });
    }
    return sentence;
  };
}
