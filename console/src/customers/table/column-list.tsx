import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { ActionIcon, Checkbox, Group, ScrollArea } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { Column } from "./columns.ts";
import { type ColumnLayout, changed, type Layout, moved } from "./layout.ts";

type Props = {
  columns: readonly Column[];
  layout: Layout;
  onLayout: (change: (layout: Layout) => Layout) => void;
};

/** All columns, to show, hide and reorder. */
export function ColumnList({ columns, layout, onLayout }: Props) {
  const t = useTranslations("customers.table.columnList");
  const sensors = useSensors(
    useSensor(PointerSensor),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const labelOf = (id: unknown) => columns.find((column) => column.id === id)?.label ?? "";
  const placeOf = (id: unknown) => layout.findIndex((column) => column.id === id) + 1;
  const drop = ({ active, over }: DragEndEvent) => {
    if (over) onLayout((before) => moved(before, String(active.id), String(over.id)));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={drop}
      accessibility={{
        screenReaderInstructions: { draggable: t("instructions") },
        announcements: {
          onDragStart: ({ active }) => t("pickedUp", { column: labelOf(active.id) }),
          onDragOver: ({ active, over }) =>
            over ? t("over", { column: labelOf(active.id), place: placeOf(over.id) }) : undefined,
          onDragEnd: ({ active, over }) =>
            t("dropped", { column: labelOf(active.id), place: placeOf(over?.id ?? active.id) }),
          onDragCancel: ({ active }) => t("cancelled", { column: labelOf(active.id) }),
        },
      }}
    >
      <SortableContext items={layout.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
        {/* Exactly ten rows: half a button is hard to hit. */}
        <ScrollArea.Autosize
          mah={360}
          type="auto"
          viewportProps={{ style: { scrollSnapType: "y mandatory" } }}
        >
          {layout.map((column) => (
            <Row
              key={column.id}
              label={labelOf(column.id)}
              isLast={!column.isHidden && layout.filter(({ isHidden }) => !isHidden).length === 1}
              {...{ column, onLayout }}
            />
          ))}
        </ScrollArea.Autosize>
      </SortableContext>
    </DndContext>
  );
}

type RowProps = Pick<Props, "onLayout"> & { column: ColumnLayout; label: string; isLast: boolean };

function Row({ column, label, isLast, onLayout }: RowProps) {
  const t = useTranslations("customers.table.columnList");
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition } = useSortable({
    id: column.id,
  });
  return (
    <Group
      ref={setNodeRef}
      gap="xs"
      py={4}
      wrap="nowrap"
      style={{ scrollSnapAlign: "start", transform: CSS.Translate.toString(transform), transition }}
    >
      <ActionIcon
        ref={setActivatorNodeRef}
        variant="subtle"
        color="gray"
        size={28}
        style={{ cursor: "grab", touchAction: "none" }}
        {...attributes}
        {...listeners}
        aria-label={t("move", { column: label })}
      >
        <IconGripVertical size={16} aria-hidden />
      </ActionIcon>
      <Checkbox
        label={label}
        checked={!column.isHidden}
        disabled={isLast}
        onChange={({ currentTarget: { checked } }) =>
          onLayout((layout) => changed(layout, column.id, { isHidden: !checked }))
        }
      />
    </Group>
  );
}
