import type { Announcements, DndContextProps, UniqueIdentifier } from "@dnd-kit/core";
import { useRef } from "react";
import { useTranslations } from "use-intl";

type Naming = {
  nameOf: (id: UniqueIdentifier) => string;
  /** Where it would be, if it were put where another is. */
  placeAt: (id: UniqueIdentifier, overId: UniqueIdentifier) => string;
};

/** What a screen reader is told of a drag, and how one drags by keyboard. */
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
      // That it is above its own place would be said over that it is taken up.
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
