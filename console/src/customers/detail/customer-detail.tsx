import { Box, Grid, Stack, Tabs } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useFieldsQuery } from "../../custom-fields/queries.ts";
import { useMay } from "../../session/me.ts";
import { LeaveGuard } from "../../shell/leave-guard.tsx";
import { LinkButton } from "../../shell/link-button.tsx";
import { AtAGlance } from "./customer-header.tsx";
import { keepCustomer, type ReadCustomer } from "./customer-query.ts";
import { DeleteCustomer } from "./delete-customer.tsx";
import { Conflict } from "./edit/conflict-dialog.tsx";
import type { Draft } from "./edit/draft.ts";
import { DraftFields, focusFault } from "./edit/draft-fields.tsx";
import { SaveBar } from "./edit/save-bar.tsx";
import { DraftRefused, saveDraft } from "./edit/save-draft.ts";
import { Refusal } from "./edit/save-error.tsx";
import { useDraft } from "./edit/use-draft.ts";
import { FieldList } from "./field-list.tsx";
import { History } from "./history/customer-history.tsx";
import { Timeline } from "./timeline/timeline.tsx";
import { useNameOf } from "./use-customer-name.ts";

/** The page of a customer: at a glance, what can be written, and what has happened. */
export function OneCustomer({ newest }: { newest: ReadCustomer }) {
  const t = useTranslations("customers.one");
  const mayWrite = useMay("WRITE");
  const mayDelete = useMay("DELETE");
  const name = useNameOf()(newest.customer);
  const { id: customerId } = newest.customer;
  return (
    <Stack maw={1400}>
      <title>{name}</title>
      <Box>
        <LinkButton to="/customers" variant="subtle" size="compact-sm" ml={-8}>
          {t("toCustomers")}
        </LinkButton>
      </Box>
      <AtAGlance
        customer={newest.customer}
        actions={mayDelete && <DeleteCustomer customer={newest.customer} name={name} />}
      />
      <Grid gap={{ base: "lg", lg: "xl" }}>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          {mayWrite ? <Writing newest={newest} /> : <FieldList customer={newest.customer} />}
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
              <History customerId={customerId} etag={newest.etag} />
            </Tabs.Panel>
          </Tabs>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

type Clash = { now: ReadCustomer; keys: string[] };

function Writing({ newest }: { newest: ReadCustomer }) {
  const t = useTranslations("customers.one");
  const { data: fields } = useSuspenseQuery(useFieldsQuery());
  const drafting = useDraft(newest);
  const [clash, setClash] = useState<Clash | null>(null);
  const save = useMutation({
    mutationFn: ({ read, draft }: { read: ReadCustomer; draft: Draft }) => saveDraft(read, draft, fields),
    onSuccess: (outcome, { draft }) => {
      if (outcome.kind === "conflict") {
        setClash(outcome);
        return keepCustomer(outcome.now.customer.id, outcome.now);
      }
      keepCustomer(outcome.read.customer.id, outcome.read);
      drafting.settle(draft, outcome.read);
    },
    onError: (error) => {
      if (error instanceof DraftRefused) focusFault(error.faults);
    },
  });
  const faults = save.error instanceof DraftRefused ? save.error.faults : {};
  const { read, draft, isDrafted } = drafting;

  const choose = (theirs: readonly string[]) => {
    if (!clash) return;
    setClash(null);
    const rest = Object.fromEntries(Object.entries(draft).filter(([key]) => !theirs.includes(key)));
    drafting.keep(clash.now, rest);
    if (Object.keys(rest).length > 0) save.mutate({ read: clash.now, draft: rest });
  };
  const count = Object.keys(draft).length;
  const status = save.isPending
    ? t("status.saving")
    : save.error
      ? t("status.refused", { count: Object.keys(faults).length })
      : isDrafted
        ? t("status.unsaved", { count })
        : save.data?.kind === "saved"
          ? t("status.saved")
          : t("status.unchanged");
  return (
    <>
      {save.error && <Refusal error={save.error} />}
      <DraftFields drafting={drafting} faults={faults} />
      <SaveBar
        status={status}
        isFailure={save.error !== null}
        isPending={save.isPending}
        canSave={isDrafted}
        submit={t("save")}
        onSave={() => save.mutate({ read, draft })}
        discard={() => {
          drafting.discard();
          save.reset();
        }}
      />
      <LeaveGuard isDrafted={isDrafted} />
      {clash && <Conflict {...clash} draft={draft} onCancel={() => setClash(null)} onChosen={choose} />}
    </>
  );
}
