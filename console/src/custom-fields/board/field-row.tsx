import { useSortable } from "@dnd-kit/sortable";
import { ActionIcon, Anchor, Badge, Menu, Text } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconHistory,
  IconLock,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { Field } from "../definitions.ts";
import { DragHandle } from "../drag/drag-handle.tsx";
import { handleIdOf, menuIdOf } from "../drag/focus-after-move.ts";
import classes from "../fields.module.css";

export type FieldActions = {
  open: (field: Field) => void;
  showHistory: (field: Field) => void;
  remove: (field: Field) => void;
  /** Null when the field cannot move in this direction. */
  step: (field: Field, by: -1 | 1) => (() => void) | null;
};

type Props = { field: Field; mayEdit: boolean; actions: FieldActions };

export function FieldRow({ field, mayEdit, actions }: Props) {
  const t = useTranslations("customFields");
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, isDragging, isOver, index, activeIndex } =
    useSortable({
      id: field.id,
      disabled: !mayEdit,
      attributes: { roleDescription: t("drag.role") },
    });
  const target = isOver && !isDragging ? (index < activeIndex ? classes.before : classes.behind) : "";
  const up = actions.step(field, -1);
  const down = actions.step(field, 1);
  return (
    <li ref={setNodeRef} className={`${classes.line} ${target} ${isDragging ? classes.dragged : ""}`}>
      {mayEdit && (
        <DragHandle
          id={handleIdOf(field.id)}
          label={t("drag.handle", { name: field.label })}
          attributes={attributes}
          listeners={listeners}
          setRef={setActivatorNodeRef}
        />
      )}
      <div className={classes.name}>
        <Anchor component="button" type="button" size="sm" fw={600} onClick={() => actions.open(field)}>
          {field.label}
        </Anchor>
        <Text size="sm" c="dimmed">
          {t(`types.${field.type}`)}
        </Text>
        <FieldBadges field={field} />
      </div>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            id={menuIdOf(field.id)}
            variant="subtle"
            color="gray"
            size={28}
            aria-label={t("page.actionsFor", { name: field.label })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => actions.open(field)}>
            {t(mayEdit ? "page.edit" : "page.view")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconHistory size={16} aria-hidden />}
            onClick={() => actions.showHistory(field)}
          >
            {t("page.history")}
          </Menu.Item>
          {mayEdit && (
            <>
              <Menu.Item
                leftSection={<IconArrowUp size={16} aria-hidden />}
                disabled={up === null}
                onClick={() => up?.()}
              >
                {t("page.up")}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconArrowDown size={16} aria-hidden />}
                disabled={down === null}
                onClick={() => down?.()}
              >
                {t("page.down")}
              </Menu.Item>
              <Menu.Divider />
              {field.isDefault ? (
                <Text size="xs" c="dimmed" px="sm" py={6} maw={220}>
                  {t("page.defaultField")}
                </Text>
              ) : (
                <Menu.Item
                  c="var(--mantine-color-error)"
                  leftSection={<IconTrash size={16} aria-hidden />}
                  onClick={() => actions.remove(field)}
                >
                  {t("page.delete")}
                </Menu.Item>
              )}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function FieldBadges({ field }: { field: Field }) {
  const t = useTranslations("customFields.badges");
  const badges = (["isMandatory", "isUnique", "isSearchable"] as const).filter((badge) => field[badge]);
  return (
    <>
      {field.isDefault && <IconLock size={16} role="img" aria-label={t("isDefault")} />}
      {badges.map((badge) => (
        <Badge key={badge} size="sm" variant="default" tt="none">
          {t(badge)}
        </Badge>
      ))}
      {!field.isActive && (
        <Badge size="sm" variant="outline" color="gray" tt="none">
          {t("isInactive")}
        </Badge>
      )}
    </>
  );
}
