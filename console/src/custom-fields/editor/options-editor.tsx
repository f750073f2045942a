import { closestCenter, DndContext } from "@dnd-kit/core";
import { arrayMove, SortableContext, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { ActionIcon, Button, Fieldset, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useDragAnnouncements } from "../drag/drag-announcements.ts";
import { DragHandle } from "../drag/drag-handle.tsx";
import { useDragSensors } from "../drag/drag-sensors.ts";
import classes from "../fields.module.css";
import type { OptionDraft } from "./field-draft.ts";

type Props = {
  options: readonly OptionDraft[];
  onChange: (options: readonly OptionDraft[]) => void;
  /** Errors by path, such as `select_options.0.value`. */
  fieldErrors: Record<string, string>;
};

/** Adds, renames, reorders, deactivates and removes options. */
export function OptionsEditor({ options, onChange, fieldErrors }: Props) {
  const t = useTranslations("customFields.options");
  const added = useRef(0);
  const [freshKey, setFreshKey] = useState<string | null>(null);
  const indexOf = (id: unknown) => options.findIndex(({ key }) => key === id);
  const accessibility = useDragAnnouncements({
    nameOf: (id) => options[indexOf(id)]?.label ?? "",
    placeAt: (_, overId) => t("place", { position: indexOf(overId) + 1, count: options.length }),
  });
  const add = () => {
    const key = `new-${++added.current}`;
    setFreshKey(key);
    onChange([...options, { key, value: "", label: "", isActive: true }]);
  };
  return (
    <Fieldset legend={t("legend")}>
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t("hint")}
        </Text>
        {fieldErrors["select_options"] && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {fieldErrors["select_options"]}
          </Text>
        )}
        <DndContext
          sensors={useDragSensors()}
          collisionDetection={closestCenter}
          accessibility={accessibility}
          onDragEnd={({ active, over }) =>
            over && onChange(arrayMove([...options], indexOf(active.id), indexOf(over.id)))
          }
        >
          <SortableContext items={options.map(({ key }) => key)} strategy={verticalListSortingStrategy}>
            <ul className={classes.lines}>
              {options.map((option, index) => (
                <OptionLine
                  key={option.key}
                  option={option}
                  position={index + 1}
                  isFresh={option.key === freshKey}
                  fieldError={
                    fieldErrors[`select_options.${index}.value`] ??
                    fieldErrors[`select_options.${index}.label`] ??
                    fieldErrors[`select_options.${index}`]
                  }
                  onChange={(change) =>
                    onChange(options.map((other, at) => (at === index ? { ...other, ...change } : other)))
                  }
                  onRemove={() => onChange(options.filter((_, at) => at !== index))}
                  onEnter={add}
                />
              ))}
            </ul>
          </SortableContext>
        </DndContext>
        <Group>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={add}
          >
            {t("add")}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

type LineProps = {
  option: OptionDraft;
  position: number;
  isFresh: boolean;
  fieldError: string | undefined;
  onChange: (change: Partial<OptionDraft>) => void;
  onRemove: () => void;
  onEnter: () => void;
};

function OptionLine({ option, position, isFresh, fieldError, onChange, onRemove, onEnter }: LineProps) {
  const t = useTranslations("customFields");
  const name = option.label || t("options.unnamed", { position });
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition } = useSortable({
    id: option.key,
    attributes: { roleDescription: t("drag.role") },
  });
  const moved = transform ? { ...transform, scaleX: 1, scaleY: 1 } : null;
  return (
    <li
      ref={setNodeRef}
      className={classes.line}
      style={{ transform: CSS.Transform.toString(moved), transition }}
    >
      <DragHandle
        label={t("drag.handle", { name })}
        attributes={attributes}
        listeners={listeners}
        setRef={setActivatorNodeRef}
      />
      <TextInput
        flex={1}
        miw={0}
        size="sm"
        aria-label={t("options.label", { position })}
        value={option.label}
        maxLength={255}
        error={fieldError}
        autoFocus={isFresh}
        onChange={({ currentTarget }) => onChange({ label: currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          onEnter();
        }}
      />
      <Switch
        size="sm"
        checked={option.isActive}
        aria-label={t("options.isActive", { name })}
        onChange={({ currentTarget }) => onChange({ isActive: currentTarget.checked })}
      />
      <ActionIcon
        variant="subtle"
        color="red"
        size={28}
        aria-label={t("options.remove", { name })}
        onClick={onRemove}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </li>
  );
}
