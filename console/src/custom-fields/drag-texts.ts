import type { Announcements, DndContextProps, UniqueIdentifier } from "@dnd-kit/core";
import { useTranslations } from "use-intl";

type Told = {
  nameOf: (id: UniqueIdentifier) => string;
  /** Where it would be, if it were put where another is. */
  placeAt: (id: UniqueIdentifier, overId: UniqueIdentifier) => string;
};

/** What a screen reader is told of a drag, and how one drags by keyboard. */
export function useDragTexts({ nameOf, placeAt }: Told): NonNullable<DndContextProps["accessibility"]> {
  const t = useTranslations("customFields.drag");
  const announcements: Announcements = {
    onDragStart: ({ active }) => t("start", { name: nameOf(active.id) }),
    onDragOver: ({ active, over }) =>
      over ? t("over", { name: nameOf(active.id), place: placeAt(active.id, over.id) }) : undefined,
    onDragEnd: ({ active, over }) =>
      over
        ? t("end", { name: nameOf(active.id), place: placeAt(active.id, over.id) })
        : t("cancel", { name: nameOf(active.id) }),
    onDragCancel: ({ active }) => t("cancel", { name: nameOf(active.id) }),
  };
  return { announcements, screenReaderInstructions: { draggable: t("instructions") } };
}
