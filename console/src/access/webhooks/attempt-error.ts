import { useTranslations } from "use-intl";

const reasons = {
  "Its name is not known.": "unknownName",
  "Its name leads to no public address.": "notPublic",
  "The connection was closed without an answer.": "closed",
  "It could not be reached.": "unreachable",
} as const;

/** Why an attempt had no answer, in the language of the person; what the network says is told as it says it. */
export function useAttemptError(): (error: string) => string {
  const t = useTranslations("access.deliveries.attemptErrors");
  return (error) => {
    const seconds = /^No answer within (\d+(?:\.\d+)?) seconds\.$/.exec(error)?.[1];
    if (seconds !== undefined) return t("late", { seconds: Number(seconds) });
    const reason = reasons[error as keyof typeof reasons];
    return reason === undefined ? t("other", { error }) : t(reason);
  };
}
