import { ClienteleError } from "@clientele/sdk";
import { Alert, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { NotFoundPage } from "../../errors/not-found-page.tsx";
import { client } from "../../session/client.ts";
import { useMay } from "../../session/me.ts";
import { LinkButton } from "../../shell/link-button.tsx";
import { PageTitle } from "../../shell/page-title.tsx";
import { cacheCustomer, historyQuery, loadedFrom } from "./customer-query.ts";
import { FieldErrorNotice } from "./field-error-notice.tsx";
import { CustomerHistory } from "./history/customer-history.tsx";
import { useActor } from "./use-actor.ts";
import { useDeletedCustomerName } from "./use-deleted-customer-name.ts";

/** A deleted customer, with a button to restore it. */
export function DeletedCustomer({ customerId }: { customerId: string }) {
  const t = useTranslations("customers.one.deleted");
  const format = useFormatter();
  const actor = useActor();
  const nameOf = useDeletedCustomerName();
  const mayWrite = useMay("WRITE");
  const history = useInfiniteQuery(historyQuery(customerId));
  const restore = useMutation({
    mutationFn: (body: { external_id?: string }) => client.restoreCustomer({ customerId, body }),
    onSuccess: (answer) => cacheCustomer(customerId, loadedFrom(answer)),
  });
  const deletion = history.data?.pages[0]?.data[0];
  const restoreButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (deletion) restoreButton.current?.focus();
  }, [deletion]);

  if (history.error instanceof ClienteleError && history.error.code === "CUSTOMER_NOT_FOUND")
    return <NotFoundPage />;
  if (history.error) return <ErrorNotice error={history.error} onRetry={() => void history.refetch()} />;
  if (!deletion) return <Skeleton h={200} role="status" aria-label={t("loading")} />;
  const name = nameOf(deletion);
  const isIdTaken = restore.error instanceof ClienteleError && restore.error.code === "EXTERNAL_ID_TAKEN";
  return (
    <Stack maw={900}>
      <PageTitle title={t("title", { name })} />
      <Title>{t("title", { name })}</Title>
      <Alert color="gray" role="status">
        <Text>
          {t("text", {
            who: actor(deletion),
            when: format.dateTime(new Date(deletion.at), { dateStyle: "medium", timeStyle: "short" }),
          })}
        </Text>
      </Alert>
      {restore.error && <FieldErrorNotice error={restore.error} />}
      <Group>
        {mayWrite && (
          <Button ref={restoreButton} loading={restore.isPending} onClick={() => restore.mutate({})}>
            {t("restore")}
          </Button>
        )}
        {mayWrite && isIdTaken && (
          <Button variant="default" onClick={() => restore.mutate({ external_id: "" })}>
            {t("restoreWithoutId")}
          </Button>
        )}
        <LinkButton to="/customers" variant="default">
          {t("toCustomers")}
        </LinkButton>
      </Group>
      <Title order={2}>{t("history")}</Title>
      <CustomerHistory customerId={customerId} etag={null} />
    </Stack>
  );
}
