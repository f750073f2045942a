import { Skeleton, Stack } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { categoriesQuery, fieldsQuery } from "../custom-fields/queries.ts";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { OneCustomer } from "./detail/customer-detail.tsx";
import { customerQuery } from "./detail/customer-query.ts";
import { GoneCustomer } from "./detail/deleted-customer.tsx";

const route = getRouteApi("/signed-in/customers/$customerId");

export function CustomerPage() {
  const t = useTranslations("customers.one");
  const { customerId } = route.useParams();
  const asked = useQueries({ queries: [customerQuery(customerId), fieldsQuery, categoriesQuery] });
  const failed = asked.find(({ error }) => error !== null);
  if (failed) return <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />;
  const [{ data: read }, fields, categories] = asked;
  if (read === undefined || !fields.data || !categories.data)
    return (
      <Stack role="status" aria-label={t("loading")}>
        <Skeleton h={48} maw={420} />
        <Skeleton h={320} />
      </Stack>
    );
  if (read === null) return <GoneCustomer key={customerId} customerId={customerId} />;
  return <OneCustomer key={customerId} newest={read} />;
}
