import type { DraggableAttributes, DraggableSyntheticListeners } from "@dnd-kit/core";
import { ActionIcon } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import classes from "../fields.module.css";

type Props = {
  id?: string;
  label: string;
  attributes: DraggableAttributes;
  listeners: DraggableSyntheticListeners;
  setRef: (element: HTMLElement | null) => void;
};

export function DragHandle({ id, label, attributes, listeners, setRef }: Props) {
  return (
    <ActionIcon
      ref={setRef}
      {...(id === undefined ? {} : { id })}
      variant="subtle"
      color="gray"
      size={28}
      className={classes.handle!}
      aria-label={label}
      {...attributes}
      {...listeners}
    >
      <IconGripVertical size={18} aria-hidden />
    </ActionIcon>
  );
}
