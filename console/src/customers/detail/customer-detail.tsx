import { Box, Grid, Stack, Tabs } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useFieldsQuery } from "../../custom-fields/queries.ts";
import { useMay } from "../../session/me.ts";
import { LeaveGuard } from "../../shell/leave-guard.tsx";
import { LinkButton } from "../../shell/link-button.tsx";
import { PageTitle } from "../../shell/page-title.tsx";
import { CustomerHeader } from "./customer-header.tsx";
import { cacheCustomer, type LoadedCustomer } from "./customer-query.ts";
import { DeleteCustomer } from "./delete-customer.tsx";
import { ConflictDialog } from "./edit/conflict-dialog.tsx";
import type { Draft } from "./edit/draft.ts";
import { DraftFields, focusError } from "./edit/draft-fields.tsx";
import { SaveBar } from "./edit/save-bar.tsx";
import { DraftError, saveDraft } from "./edit/save-draft.ts";
import { SaveError } from "./edit/save-error.tsx";
import { useDraft } from "./edit/use-draft.ts";
import { FieldList } from "./field-list.tsx";
import { CustomerHistory } from "./history/customer-history.tsx";
import { Timeline } from "./timeline/timeline.tsx";
import { useCustomerName } from "./use-customer-name.ts";

/** Customer page: contact data, editor, timeline and history. */
export function CustomerDetail({ newest }: { newest: LoadedCustomer }) {
  const t = useTranslations("customers.one");
  const mayWrite = useMay("WRITE");
  const mayDelete = useMay("DELETE");
  const name = useCustomerName()(newest.customer);
  const { id: customerId } = newest.customer;
  return (
    <Stack maw={1400}>
      <PageTitle title={name} />
      <Box>
        <LinkButton to="/customers" variant="subtle" size="compact-sm" ml={-8}>
          {t("toCustomers")}
        </LinkButton>
      </Box>
      <CustomerHeader
        customer={newest.customer}
        actions={mayDelete && <DeleteCustomer customer={newest.customer} name={name} />}
      />
      <Grid gap={{ base: "lg", lg: "xl" }}>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          {mayWrite ? <CustomerEditor newest={newest} /> : <FieldList customer={newest.customer} />}
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Tabs defaultValue="timeline" keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="timeline">{t("tabs.timeline")}</Tabs.Tab>
              <Tabs.Tab value="history">{t("tabs.history")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="timeline">
              <Timeline customerId={customerId} />
            </Tabs.Panel>
            <Tabs.Panel value="history">
              <CustomerHistory customerId={customerId} etag={newest.etag} />
            </Tabs.Panel>
          </Tabs>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

type SaveConflict = { now: LoadedCustomer; keys: string[] };

function CustomerEditor({ newest }: { newest: LoadedCustomer }) {
  const t = useTranslations("customers.one");
  const { data: fields } = useSuspenseQuery(useFieldsQuery());
  const editing = useDraft(newest);
  const [conflict, setConflict] = useState<SaveConflict | null>(null);
  const save = useMutation({
    mutationFn: ({ read, draft }: { read: LoadedCustomer; draft: Draft }) => saveDraft(read, draft, fields),
    onSuccess: (outcome, { draft }) => {
      if (outcome.kind === "conflict") {
        setConflict(outcome);
        return cacheCustomer(outcome.now.customer.id, outcome.now);
      }
      cacheCustomer(outcome.read.customer.id, outcome.read);
      editing.markSaved(draft, outcome.read);
    },
    onError: (error) => {
      if (error instanceof DraftError) focusError(error.fieldErrors);
    },
  });
  const fieldErrors = save.error instanceof DraftError ? save.error.fieldErrors : {};
  const { read, draft, isDirty } = editing;

  const choose = (theirs: readonly string[]) => {
    if (!conflict) return;
    setConflict(null);
    const rest = Object.fromEntries(Object.entries(draft).filter(([key]) => !theirs.includes(key)));
    editing.rebase(conflict.now, rest);
    if (Object.keys(rest).length > 0) save.mutate({ read: conflict.now, draft: rest });
  };
  const count = Object.keys(draft).length;
  const status = save.isPending
    ? t("status.saving")
    : save.error
      ? t("status.failed", { count: Object.keys(fieldErrors).length })
      : isDirty
        ? t("status.unsaved", { count })
        : save.data?.kind === "saved"
          ? t("status.saved")
          : t("status.unchanged");
  return (
    <>
      {save.error && <SaveError error={save.error} />}
      <DraftFields control={editing} fieldErrors={fieldErrors} />
      <SaveBar
        status={status}
        isFailure={save.error !== null}
        isPending={save.isPending}
        canSave={isDirty}
        submit={t("save")}
        onSave={() => save.mutate({ read, draft })}
        discard={() => {
          editing.discard();
          save.reset();
        }}
      />
      <LeaveGuard isDirty={isDirty} />
      {conflict && (
        <ConflictDialog {...conflict} draft={draft} onCancel={() => setConflict(null)} onChosen={choose} />
      )}
    </>
  );
}
