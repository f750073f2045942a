import { ScrollArea, Table, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useFieldsQuery } from "../../../custom-fields/queries.ts";
import { useFieldText } from "../../../custom-fields/values/field-text.ts";
import type { HistoryEntry } from "../customer-query.ts";

export type AttributeChange = HistoryEntry["changes"][number];

type Props = {
  changes: readonly AttributeChange[];
  label: string;
  /** A creation has no previous values, a deletion no new ones. */
  kind?: HistoryEntry["kind"];
};

/** Changed fields with their previous and new values. */
export function ChangeTable({ changes, label, kind = "updated" }: Props) {
  const t = useTranslations("customers.one");
  const nameOf = useAttributeName();
  const { data: fields } = useSuspenseQuery(useFieldsQuery());
  const fieldText = useFieldText();
  const shown = (attribute: string, value: unknown) => {
    const field = fields.find(({ id }) => attribute === `fields.${id}`) ?? null;
    return fieldText(field, value);
  };
  const cell = (text: string) =>
    text === "" ? (
      <Text span size="sm" c="dimmed">
        {t("emptyValue")}
      </Text>
    ) : (
      text
    );
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "group", "aria-label": label }}>
      <Table aria-label={label} fz="sm" verticalSpacing={4} style={{ overflowWrap: "break-word" }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("attribute")}</Table.Th>
            {kind !== "created" && <Table.Th scope="col">{t("from")}</Table.Th>}
            {kind !== "deleted" && <Table.Th scope="col">{t("to")}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map((change) => (
            <Table.Tr key={change.attribute}>
              <Table.Th scope="row" fw={500}>
                {nameOf(change)}
              </Table.Th>
              {kind !== "created" && <Table.Td>{cell(shown(change.attribute, change.before))}</Table.Td>}
              {kind !== "deleted" && <Table.Td>{cell(shown(change.attribute, change.after))}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

const ownAttributes = ["externalId", "importCustomerId", "bookerId", "tags"] as const;
const isOwnAttribute = (attribute: string): attribute is (typeof ownAttributes)[number] =>
  (ownAttributes as readonly string[]).includes(attribute);

/** The current name of a changed attribute. */
export function useAttributeName(): (change: Pick<AttributeChange, "attribute" | "label">) => string {
  const t = useTranslations("customers.one.attributes");
  const { data: fields } = useSuspenseQuery(useFieldsQuery());
  return ({ attribute, label }) => {
    if (isOwnAttribute(attribute)) return t(attribute);
    const field = fields.find(({ id }) => attribute === `fields.${id}`);
    return (field?.label ?? label) || t("deletedField");
  };
}
