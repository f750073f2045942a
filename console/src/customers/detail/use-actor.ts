import { useTranslations } from "use-intl";

/** Who did something: the person, else the app; the service itself when nobody asked for it. */
export function useActor(): (change: { personName: string; appName: string }) => string {
  const t = useTranslations("customers.one");
  return ({ personName, appName }) => personName || appName || t("service");
}
