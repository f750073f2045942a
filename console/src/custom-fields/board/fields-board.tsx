import { closestCenter, DndContext, type DragEndEvent, DragOverlay } from "@dnd-kit/core";
import { SortableContext } from "@dnd-kit/sortable";
import { Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useDragAnnouncements } from "../drag/drag-announcements.ts";
import { useDragSensors } from "../drag/drag-sensors.ts";
import { handleIdOf, useFocusAfterMove } from "../drag/focus-after-move.ts";
import { type CategoryActions, CategoryGroup } from "./category-group.tsx";
import { type Group, linesOf, placeOf, withFieldAt } from "./field-order.ts";
import type { FieldActions } from "./field-row.tsx";

type Props = {
  groups: readonly Group[];
  mayEdit: boolean;
  fieldActions: FieldActions;
  categoryActions: CategoryActions;
  onMove: (fieldId: string, lineId: string) => void;
};

// Lines do not move during a drag; a marker shows the drop position.
const noShift = () => null;

/** Categories with their fields; fields can be dragged within and between categories. */
export function FieldsBoard({
  groups,
  mayEdit,
  fieldActions: fieldActs,
  categoryActions: categoryActs,
  onMove,
}: Props) {
  const t = useTranslations("customFields.drag");
  const focusAfterMove = useFocusAfterMove();
  const [draggedId, setDraggedId] = useState<string | null>(null);
  const fields = groups.flatMap((group) => group.fields);
  const labelOf = (id: unknown) => fields.find((field) => field.id === id)?.label ?? "";
  const accessibility = useDragAnnouncements({
    nameOf: labelOf,
    placeAt: (id, overId) => {
      const { category, position, count } = placeOf(withFieldAt(groups, `${id}`, `${overId}`), `${id}`);
      return t("placeInCategory", { category, position, count });
    },
  });
  const drop = ({ active, over, activatorEvent }: DragEndEvent) => {
    setDraggedId(null);
    if (!over || over.id === active.id) return;
    onMove(`${active.id}`, `${over.id}`);
    if (activatorEvent instanceof KeyboardEvent) focusAfterMove(handleIdOf(`${active.id}`));
  };
  return (
    <DndContext
      sensors={useDragSensors()}
      collisionDetection={closestCenter}
      accessibility={accessibility}
      onDragStart={({ active }) => setDraggedId(`${active.id}`)}
      onDragCancel={() => setDraggedId(null)}
      onDragEnd={drop}
    >
      <SortableContext items={linesOf(groups)} strategy={noShift}>
        <Stack gap="md">
          {groups.map((group) => (
            <CategoryGroup
              key={group.category.id}
              {...{ group, mayEdit, fieldActions: fieldActs, categoryActions: categoryActs }}
            />
          ))}
        </Stack>
      </SortableContext>
      <DragOverlay dropAnimation={null}>
        {draggedId !== null && (
          <Paper withBorder shadow="md" px="md" py="xs">
            <Text size="sm" fw={600}>
              {labelOf(draggedId)}
            </Text>
          </Paper>
        )}
      </DragOverlay>
    </DndContext>
  );
}
