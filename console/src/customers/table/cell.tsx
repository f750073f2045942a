import { Badge, Group } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { useFormatter, useLocale } from "use-intl";
import { useFieldText } from "../../custom-fields/values/field-text.ts";
import { withCallingCode } from "../../custom-fields/values/phone-numbers.ts";
import type { Column } from "./columns.ts";
import classes from "./customers-table.module.css";
import type { Customer } from "./rows-query.ts";

export type ShowCell = (column: Column, customer: Customer) => ReactNode;

/** Renders a cell. The function is stable per language, so that rows do not re-render. */
export function useCells(): ShowCell {
  const locale = useLocale();
  const format = useFormatter();
  const fieldText = useFieldText({ groupsPhones: false });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the formatters depend on the language only.
  return useMemo<ShowCell>(() => {
    const time = (at: string | null | undefined) =>
      at ? format.dateTime(new Date(at), { dateStyle: "medium" }) : "";
    return ({ attribute, field }, customer) => {
      switch (attribute) {
        case null: {
          const value = customer.fields?.find(({ id }) => id === field.id);
          return value ? fieldText(field, value.isMultiple ? value.values : value.value) : "";
        }
        case "fullName":
          return <Name {...customer} />;
        case "phone":
          return customer.phone && "phone" in customer.phone ? withCallingCode(customer.phone) : "";
        case "tags":
          return <Tags tags={customer.tags ?? []} />;
        case "totalBookings":
          return format.number(customer.totalBookings ?? 0);
        case "externalId":
          return customer.externalId;
        default:
          return time(customer[attribute]);
      }
    };
  }, [locale]);
}

/** A real link, so that it opens in a new tab; plain clicks are handled by the row. */
const Name = ({ id, fullName }: Customer) => (
  <a className={classes.name} href={`/customers/${id}`} tabIndex={-1} draggable={false}>
    {fullName || "—"}
  </a>
);

const Tags = ({ tags }: { tags: readonly { id: string; name: string }[] }) => (
  <Group gap={4} wrap="nowrap">
    {tags.map(({ id, name }) => (
      <Badge key={id} variant="light" size="sm" tt="none" className={classes.tag!}>
        {name}
      </Badge>
    ))}
  </Group>
);
