import { Anchor, SimpleGrid, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useFieldsQuery } from "../../custom-fields/queries.ts";
import { useFieldText } from "../../custom-fields/values/field-text.ts";
import type { Customer } from "./customer-query.ts";

/** Read-only customer data, for viewers and for past versions. */
export function FieldList({ customer }: { customer: Pick<Customer, "fields" | "tags" | "externalId"> }) {
  const t = useTranslations("customers.one");
  const { data: definitions } = useSuspenseQuery(useFieldsQuery());
  const fieldText = useFieldText();
  const entries = customer.fields.map(({ id, type, label, value, values, isMultiple }) => {
    const field = definitions.find((definition) => definition.id === id);
    const text = fieldText({ type, selectOptions: field?.selectOptions ?? [] }, isMultiple ? values : value);
    return { id, name: field?.label ?? label, text, href: type === "URL" ? safeHref(value) : null };
  });
  if (customer.tags.length > 0)
    entries.push({
      id: "tags",
      name: t("tags"),
      text: customer.tags.map(({ name }) => name).join(", "),
      href: null,
    });
  if (customer.externalId !== "")
    entries.push({ id: "externalId", name: t("externalId"), text: customer.externalId, href: null });
  if (entries.length === 0) return <Text c="dimmed">{t("noData")}</Text>;
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} m={0} verticalSpacing="sm">
      {entries.map(({ id, name, text, href }) => (
        <div key={id}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
            {href === null ? (
              text
            ) : (
              <Anchor href={href} target="_blank" rel="noreferrer">
                {text}
              </Anchor>
            )}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

const safeHref = (value: string): string | null => (/^https?:\/\//i.test(value) ? value : null);
