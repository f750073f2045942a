import { useTranslations } from "use-intl";
import { fieldErrorsOf } from "../../errors/faults.ts";

const reasons = {
  "is not an address": "notAddress",
  "must begin with https://": "https",
  "must begin with https://, unless the operator allows its host": "https",
  "must not have a name or a password in it": "password",
  "is no public address": "notPublic",
  "must have the port 443 or one from 1024 up": "port",
} as const;

/** What is wrong with the address of a webhook, in the language of the person. */
export function useUrlError(): (error: unknown) => string | null {
  const t = useTranslations("access.webhooks.urlFaults");
  return (error) => {
    const fieldError = fieldErrorsOf(error)["url"];
    if (fieldError === undefined) return null;
    return t(reasons[fieldError as keyof typeof reasons] ?? "other");
  };
}
