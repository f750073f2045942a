import { Box, Skeleton, Stack, Title } from "@mantine/core";
import { useMutation, useQueries } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Field } from "../custom-fields/definitions.ts";
import { useCategoriesQuery, useFieldsQuery } from "../custom-fields/queries.ts";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { LeaveGuard } from "../shell/leave-guard.tsx";
import { LinkButton } from "../shell/link-button.tsx";
import { PageTitle } from "../shell/page-title.tsx";
import { cacheCustomer } from "./detail/customer-query.ts";
import { blankCustomer, type Draft, valueIn, withEntry } from "./detail/edit/draft.ts";
import { DraftFields, focusError } from "./detail/edit/draft-fields.tsx";
import { SaveBar } from "./detail/edit/save-bar.tsx";
import { createCustomer, DraftError } from "./detail/edit/save-draft.ts";
import { SaveError } from "./detail/edit/save-error.tsx";

export function NewCustomerPage() {
  const t = useTranslations("customers.one");
  const [fields, categories] = useQueries({ queries: [useFieldsQuery(), useCategoriesQuery()] });
  const failed = [fields, categories].find(({ error }) => error !== null);
  return (
    <Stack maw={860}>
      <PageTitle title={t("new.title")} />
      <Box>
        <LinkButton to="/customers" variant="subtle" size="compact-sm" ml={-8}>
          {t("toCustomers")}
        </LinkButton>
      </Box>
      <Title>{t("new.title")}</Title>
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {fields.data && categories.data ? (
        <NewCustomer fields={fields.data} />
      ) : (
        !failed && <Skeleton h={320} role="status" aria-label={t("loading")} />
      )}
    </Stack>
  );
}

function NewCustomer({ fields }: { fields: readonly Field[] }) {
  const t = useTranslations("customers.one");
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>({});
  const create = useMutation({
    mutationFn: () => createCustomer(draft, fields),
    onSuccess: (read) => {
      const customerId = read.customer.id;
      cacheCustomer(customerId, read);
      void navigate({ to: "/customers/$customerId", params: { customerId }, ignoreBlocker: true });
    },
    onError: (error) => {
      if (error instanceof DraftError) focusError(error.fieldErrors);
    },
  });
  const fieldErrors = create.error instanceof DraftError ? create.error.fieldErrors : {};
  const status = create.error
    ? t("status.failed", { count: Object.keys(fieldErrors).length })
    : create.isPending
      ? t("status.saving")
      : t("new.hint");
  return (
    <>
      {create.error && <SaveError error={create.error} />}
      <DraftFields
        fieldErrors={fieldErrors}
        control={{
          draft,
          valueAt: (key) => draft[key] ?? valueIn(blankCustomer, key),
          change: (key, value) =>
            setDraft((before) => withEntry(before, key, value, valueIn(blankCustomer, key))),
          revert: (key) => setDraft(({ [key]: _, ...others }) => others),
        }}
      />
      <SaveBar
        status={status}
        isFailure={create.error !== null}
        isPending={create.isPending}
        canSave={!create.isSuccess}
        submit={t("new.submit")}
        onSave={() => create.mutate()}
      />
      <LeaveGuard isDirty={Object.keys(draft).length > 0 && !create.isSuccess} />
    </>
  );
}
