import type { Item } from "@clientele/sdk";
import { Alert, DataList } from "@mantine/core";
import { useFormatter, useTranslations } from "use-intl";
import { useLimitText } from "../company-limit.tsx";

/** Settings of a webhook, and why deliveries fail or have stopped. */
export function WebhookDetails({ webhook }: { webhook: Item<"listWebhooks"> }) {
  const t = useTranslations("access.webhooks");
  const format = useFormatter();
  const limitText = useLimitText();
  const when = (at: string | null) =>
    at === null ? "" : format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" });
  const { description, kinds, companyIds, stopReason, stoppedAt, failingSince, formerSecretUntil } = webhook;
  const details = {
    ...(description === "" ? {} : { description }),
    events: kinds.map((kind) => (kind === "*" ? t("allEvents") : kind)).join(", "),
    limit: limitText(companyIds),
    createdAt: when(webhook.createdAt),
  };
  return (
    <>
      {stopReason && (
        <Alert
          color={stopReason === "paused" ? "gray" : "red"}
          title={t("stoppedAt", { at: when(stoppedAt) })}
        >
          {t(`stopReasons.${stopReason}`)}
        </Alert>
      )}
      {!stopReason && failingSince && (
        <Alert color="orange">{t("failingSince", { at: when(failingSince) })}</Alert>
      )}
      {formerSecretUntil && <Alert>{t("twoSecrets", { until: when(formerSecretUntil) })}</Alert>}
      <DataList labelWidth="11rem">
        {Object.entries(details).map(([name, value]) => (
          <DataList.Item key={name}>
            <DataList.ItemLabel>{t(name as keyof typeof details)}</DataList.ItemLabel>
            <DataList.ItemValue>{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
      </DataList>
    </>
  );
}
