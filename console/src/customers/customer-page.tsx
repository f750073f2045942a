import { Skeleton, Stack } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { categoriesQuery, fieldsQuery } from "../custom-fields/queries.ts";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { CustomerDetail } from "./detail/customer-detail.tsx";
import { customerQuery } from "./detail/customer-query.ts";
import { DeletedCustomer } from "./detail/deleted-customer.tsx";

const route = getRouteApi("/signed-in/customers/$customerId");

export function CustomerPage() {
  const t = useTranslations("customers.one");
  const { customerId } = route.useParams();
  const queries = useQueries({ queries: [customerQuery(customerId), fieldsQuery, categoriesQuery] });
  const failed = queries.find(({ error }) => error !== null);
  if (failed) return <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />;
  const [{ data: loaded }, fields, categories] = queries;
  if (loaded === undefined || !fields.data || !categories.data)
    return (
      <Stack role="status" aria-label={t("loading")}>
        <Skeleton h={48} maw={420} />
        <Skeleton h={320} />
      </Stack>
    );
  if (loaded === null) return <DeletedCustomer key={customerId} customerId={customerId} />;
  return <CustomerDetail key={customerId} newest={loaded} />;
}
