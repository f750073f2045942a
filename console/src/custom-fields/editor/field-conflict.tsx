import { Alert, Button, Group, Table, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { Field } from "../definitions.ts";
import { useAttributeText } from "../history/attribute-text.ts";
import { changedAttributes, draftOf, type FieldDraft } from "./field-draft.ts";

type Props = {
  /** The field as it is now. */
  theirs: Field;
  /** The field when the form was opened. */
  before: Field;
  /** The person's changes, applied to the current field. */
  mine: FieldDraft;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
};

/** Two versions side by side after someone else saved first, with a choice between them. */
export function FieldConflict({ theirs, before, mine, onKeepMine, onTakeTheirs }: Props) {
  const t = useTranslations("customFields");
  const text = useAttributeText(theirs);
  const mineAsField = { ...mine, selectOptions: mine.options };
  const changed = new Set(
    Object.keys({ ...changedAttributes(mine, before), ...changedAttributes(draftOf(theirs), before) }),
  );
  const rows = attributes.filter(({ wireName }) => changed.has(wireName));
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
                <Table.Td>{text(name, mineAsField[name])}</Table.Td>
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
  { name: "label", wireName: "label" },
  { name: "type", wireName: "type" },
  { name: "categoryId", wireName: "category_id" },
  { name: "placeholder", wireName: "placeholder" },
  { name: "selectOptions", wireName: "select_options" },
  { name: "isMandatory", wireName: "is_mandatory" },
  { name: "isMandatoryOnline", wireName: "is_mandatory_online" },
  { name: "isUnique", wireName: "is_unique" },
  { name: "isSearchable", wireName: "is_searchable" },
  { name: "isActive", wireName: "is_active" },
  { name: "validation", wireName: "validation" },
] as const;
