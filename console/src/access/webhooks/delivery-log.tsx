import { Button, Group, Modal, Pagination, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { DialogButton } from "../../shell/dialog-button.tsx";
import { QueryContent } from "../query-content.tsx";
import { Row, Rows } from "../rows.tsx";
import { DeliveryDetails } from "./delivery-details.tsx";
import { type Delivery, deliveriesPerPage, deliveriesQuery, statuses } from "./delivery-queries.ts";
import { DeliveryStatus } from "./delivery-status.tsx";
import { RedeliverForm } from "./redeliver-form.tsx";

export function DeliveryLog({ webhookId }: { webhookId: string }) {
  const t = useTranslations("access.deliveries");
  const [status, setStatus] = useState<Delivery["status"] | null>(null);
  const [page, setPage] = useState(1);
  // Kept in state so that the dialog stays open when the status filter no longer matches the delivery.
  const [shown, setShown] = useState<Delivery | null>(null);
  const deliveries = useQuery(deliveriesQuery(webhookId, status, page));
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2}>{t("title")}</Title>
        <DialogButton
          label={t("redeliverMany")}
          title={t("redeliverMany")}
          size="compact-sm"
          variant="default"
        >
          {(close) => <RedeliverForm webhookId={webhookId} close={close} />}
        </DialogButton>
      </Group>
      <SegmentedControl
        aria-label={t("filter")}
        value={status ?? "all"}
        onChange={(chosen) => {
          setStatus(chosen === "all" ? null : (chosen as Delivery["status"]));
          setPage(1);
        }}
        data={["all" as const, ...statuses].map((value) => ({ value, label: t(`statuses.${value}`) }))}
      />
      <QueryContent query={deliveries}>
        {({ data, total }) => (
          <>
            <Text size="sm" c="dimmed" role="status">
              {t("count", { count: total ?? 0 })}
            </Text>
            <Rows label={t("title")}>
              {data.map((delivery) => (
                <DeliveryRow key={delivery.id} delivery={delivery} onShow={() => setShown(delivery)} />
              ))}
            </Rows>
            {(total ?? 0) > deliveriesPerPage && (
              <Pagination
                total={Math.ceil((total ?? 0) / deliveriesPerPage)}
                value={page}
                onChange={setPage}
                aria-label={t("pages")}
                getControlProps={(control) => ({ "aria-label": t(`controls.${control}`) })}
                getItemProps={(number) => ({ "aria-label": t("page", { number }) })}
              />
            )}
          </>
        )}
      </QueryContent>
      <Modal
        opened={shown !== null}
        onClose={() => setShown(null)}
        closeButtonProps={{ "aria-label": t("close") }}
        title={shown?.kind}
        size="xl"
      >
        {shown && <DeliveryDetails webhookId={webhookId} deliveryId={shown.id} />}
      </Modal>
    </Stack>
  );
}

function DeliveryRow({ delivery, onShow }: { delivery: Delivery; onShow: () => void }) {
  const t = useTranslations("access.deliveries");
  const format = useFormatter();
  const { kind, status, createdAt, attemptCount, nextAttemptAt } = delivery;
  const when = (at: string) => format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "medium" });
  return (
    <Row
      buttons={
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={`${t("show")}: ${kind}, ${when(createdAt)}`}
          onClick={onShow}
        >
          {t("show")}
        </Button>
      }
    >
      <Group gap="xs">
        <DeliveryStatus status={status} />
        <Text fw={600} ff="monospace" size="sm">
          {kind}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {when(createdAt)}, {t("attemptCount", { count: attemptCount })}
        {nextAttemptAt && attemptCount > 0 && `, ${t("next", { at: when(nextAttemptAt) })}`}
      </Text>
    </Row>
  );
}
