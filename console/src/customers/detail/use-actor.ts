import { useTranslations } from "use-intl";

/** Who made a change: the person, the app, or the service itself. */
export function useActor(): (change: { personName: string; appName: string }) => string {
  const t = useTranslations("customers.one");
  return ({ personName, appName }) => personName || appName || t("service");
}
