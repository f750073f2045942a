import { useSortable } from "@dnd-kit/sortable";
import { ActionIcon, Menu, Paper, Group as Side, Text, Title } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconDots, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { Category } from "../definitions.ts";
import classes from "../fields.module.css";
import type { Group } from "./field-order.ts";
import { type FieldActions, FieldRow } from "./field-row.tsx";

export type CategoryActions = {
  addField: (category: Category) => void;
  rename: (category: Category) => void;
  remove: (category: Category) => void;
  step: (category: Category, by: -1 | 1) => (() => void) | null;
};

type Props = { group: Group; mayEdit: boolean; fieldActions: FieldActions; categoryActions: CategoryActions };

export function CategoryGroup({
  group: { category, fields },
  mayEdit,
  fieldActions: fieldActs,
  categoryActions: categoryActs,
}: Props) {
  const t = useTranslations("customFields.page");
  const { setNodeRef, isOver, index, activeIndex } = useSortable({
    id: category.id,
    disabled: { draggable: true, droppable: !mayEdit },
  });
  const isAbove = index < activeIndex && index > 0;
  const target = isOver ? (isAbove ? classes.before : classes.behind) : "";
  return (
    <Paper withBorder component="section" aria-label={category.name}>
      <div ref={setNodeRef} className={`${classes.head} ${target}`}>
        <Title order={2} size="h4">
          {category.name}
        </Title>
        {mayEdit && <CategoryMenu category={category} actions={categoryActs} />}
      </div>
      {fields.length === 0 ? (
        <Text size="sm" c="dimmed" px="md" pb="md">
          {t(mayEdit ? "emptyCategory" : "emptyCategoryReadOnly")}
        </Text>
      ) : (
        <ul className={classes.lines}>
          {fields.map((field) => (
            <FieldRow key={field.id} field={field} mayEdit={mayEdit} actions={fieldActs} />
          ))}
        </ul>
      )}
    </Paper>
  );
}

function CategoryMenu({ category, actions }: { category: Category; actions: CategoryActions }) {
  const t = useTranslations("customFields.page");
  const up = actions.step(category, -1);
  const down = actions.step(category, 1);
  return (
    <Side gap={4} wrap="nowrap">
      <ActionIcon
        variant="subtle"
        size={28}
        aria-label={t("addFieldTo", { category: category.name })}
        onClick={() => actions.addField(category)}
      >
        <IconPlus size={18} aria-hidden />
      </ActionIcon>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            aria-label={t("actionsFor", { name: category.name })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={16} aria-hidden />}
            onClick={() => actions.rename(category)}
          >
            {t("rename")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowUp size={16} aria-hidden />}
            disabled={up === null}
            onClick={() => up?.()}
          >
            {t("up")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowDown size={16} aria-hidden />}
            disabled={down === null}
            onClick={() => down?.()}
          >
            {t("down")}
          </Menu.Item>
          <Menu.Divider />
          {category.isDefault ? (
            <Text size="xs" c="dimmed" px="sm" py={6} maw={220}>
              {t("defaultCategory")}
            </Text>
          ) : (
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => actions.remove(category)}
            >
              {t("delete")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </Side>
  );
}
