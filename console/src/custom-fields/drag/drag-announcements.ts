import type { Announcements, DndContextProps, UniqueIdentifier } from "@dnd-kit/core";
import { useRef } from "react";
import { useTranslations } from "use-intl";

type Naming = {
  nameOf: (id: UniqueIdentifier) => string;
  /** The position of an item if it were dropped on another one. */
  placeAt: (id: UniqueIdentifier, overId: UniqueIdentifier) => string;
};

/** Screen reader announcements and keyboard instructions for drag and drop. */
export function useDragAnnouncements({
  nameOf,
  placeAt,
}: Naming): NonNullable<DndContextProps["accessibility"]> {
  const t = useTranslations("customFields.drag");
  const isPickedUp = useRef(false);
  const announcements: Announcements = {
    onDragStart: ({ active }) => {
      isPickedUp.current = true;
      return t("start", { name: nameOf(active.id) });
    },
    onDragOver: ({ active, over }) => {
      // dnd-kit reports the item's own position first, which would interrupt the pick-up announcement.
      const isFirst = isPickedUp.current;
      isPickedUp.current = false;
      if (!over || isFirst) return undefined;
      return t("over", { name: nameOf(active.id), place: placeAt(active.id, over.id) });
    },
    onDragEnd: ({ active, over }) =>
      over
        ? t("end", { name: nameOf(active.id), place: placeAt(active.id, over.id) })
        : t("cancel", { name: nameOf(active.id) }),
    onDragCancel: ({ active }) => t("cancel", { name: nameOf(active.id) }),
  };
  return { announcements, screenReaderInstructions: { draggable: t("instructions") } };
}
