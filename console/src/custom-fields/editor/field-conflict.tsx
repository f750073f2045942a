import { Alert, Button, Group, Table, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { Field } from "../definitions.ts";
import { useAttributeText } from "../history/attribute-text.ts";
import { changedBy, draftOf, type FieldDraft } from "./field-draft.ts";

type Props = {
  /** As it is now. */
  theirs: Field;
  /** As it was when the form was opened. */
  before: Field;
  /** As it would be with what was written into the form. */
  mine: FieldDraft;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
};

/** Somebody else has saved first: both states beside each other, and the choice between them. */
export function FieldConflict({ theirs, before, mine, onKeepMine, onTakeTheirs }: Props) {
  const t = useTranslations("customFields");
  const text = useAttributeText(theirs);
  const kept = { ...mine, selectOptions: mine.options };
  const changed = new Set(Object.keys({ ...changedBy(mine, before), ...changedBy(draftOf(theirs), before) }));
  const rows = attributes.filter(({ written }) => changed.has(written));
  return (
    <Alert
      color="lagoon"
      role="alert"
      title={t("conflict.title")}
      icon={<IconUsers aria-hidden />}
      mb="md"
      tabIndex={-1}
    >
      <Text size="sm">{t("conflict.text")}</Text>
      <Table.ScrollContainer minWidth={320} mt="xs">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("conflict.attribute")}</Table.Th>
              <Table.Th>{t("conflict.theirs")}</Table.Th>
              <Table.Th>{t("conflict.mine")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{t(`history.attributes.${name}`)}</Table.Th>
                <Table.Td>{text(name, theirs[name])}</Table.Td>
                <Table.Td>{text(name, kept[name])}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group mt="sm">
        <Button size="compact-md" onClick={onKeepMine}>
          {t("conflict.keepMine")}
        </Button>
        <Button size="compact-md" variant="default" onClick={onTakeTheirs}>
          {t("conflict.takeTheirs")}
        </Button>
      </Group>
    </Alert>
  );
}

const attributes = [
  { name: "label", written: "label" },
  { name: "type", written: "type" },
  { name: "categoryId", written: "category_id" },
  { name: "placeholder", written: "placeholder" },
  { name: "selectOptions", written: "select_options" },
  { name: "isMandatory", written: "is_mandatory" },
  { name: "isMandatoryOnline", written: "is_mandatory_online" },
  { name: "isUnique", written: "is_unique" },
  { name: "isSearchable", written: "is_searchable" },
  { name: "isActive", written: "is_active" },
  { name: "validation", written: "validation" },
] as const;
