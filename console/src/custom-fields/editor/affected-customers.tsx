import { Anchor, List, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { CustomersSearch } from "../../customers/customers-search.ts";
import { client } from "../../session/client.ts";
import classes from "../fields.module.css";
import type { AffectedGroup } from "./effects.ts";

type Props = {
  affected: AffectedGroup;
  /** A search that finds all of them in the customer table, if one exists. */
  search?: CustomersSearch;
};

/** Links to the affected customers that the server listed. */
export function AffectedCustomers({ affected: { count, customerIds }, search }: Props) {
  const t = useTranslations("customFields.effects");
  const ids = [...customerIds];
  const { data: customers = [] } = useQuery({
    queryKey: ["customers", "named", ids],
    queryFn: async ({ signal }) =>
      (await client.listCustomers({ ids, fields: ["fullName", "externalId"], count: "none" }, { signal }))
        .data,
    enabled: ids.length > 0,
  });
  if (ids.length === 0) return null;
  const nameOf = (id: string) => {
    const customer = customers.find((candidate) => candidate.id === id);
    return customer?.fullName || customer?.externalId || id;
  };
  return (
    <Stack gap="xs">
      <List size="sm" className={classes.customers!} aria-label={t("customers")} withPadding>
        {ids.map((id) => (
          <List.Item key={id}>
            <Anchor
              size="sm"
              lh="1.5rem"
              display="inline-block"
              style={{ verticalAlign: "top" }}
              renderRoot={(props) => (
                <Link to="/customers/$customerId" params={{ customerId: id }} {...props} />
              )}
            >
              {nameOf(id)}
            </Anchor>
          </List.Item>
        ))}
        {count > ids.length && <List.Item>{t("more", { count: count - ids.length })}</List.Item>}
      </List>
      {search && (
        <Anchor size="sm" renderRoot={(props) => <Link to="/customers" search={search} {...props} />}>
          {t("showInTable")}
        </Anchor>
      )}
    </Stack>
  );
}
