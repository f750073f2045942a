import { arrayMove } from "@dnd-kit/sortable";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import type { Category, Field } from "../definitions.ts";
import { categoriesQuery, fieldsQuery } from "../queries.ts";
import { refreshDefinitions } from "../refresh-definitions.ts";
import { type Group, placeOf, withFieldAt } from "./field-order.ts";

const mutationKey = ["fields", "arranging"];

/** Reorders fields and categories: optimistically in the cache, then on the server. */
export function useReorder(groups: readonly Group[]) {
  const t = useTranslations("customFields");
  const queryClient = useQueryClient();
  const [announcement, setAnnouncement] = useState("");
  const save = useMutation({
    mutationKey,
    // Reorder requests run one after another, in the order in which they were made.
    scope: { id: "arranging" },
    mutationFn: (request: () => Promise<unknown>) => request(),
    onSettled: async () => {
      const isLast = queryClient.isMutating({ mutationKey }) === 1;
      if (isLast) await refreshDefinitions(queryClient);
    },
  });

  function moveField(fieldId: string, lineId: string, isAnnounced: boolean): void {
    const reordered = withFieldAt(groups, fieldId, lineId);
    const target = reordered.find(({ fields }) => fields.some(({ id }) => id === fieldId))!;
    void queryClient.cancelQueries({ queryKey: fieldsQuery.queryKey });
    const placed = reordered.flatMap(({ fields }) => [...fields]);
    queryClient.setQueryData(fieldsQuery.queryKey, (cached) => withOrderOf(placed, cached));
    const name = target.fields.find(({ id }) => id === fieldId)!.label;
    const place = t("drag.placeInCategory", placeOf(reordered, fieldId));
    if (isAnnounced) setAnnouncement(t("page.movedField", { name, place }));
    const ids = target.fields.map(({ id }) => id);
    save.mutate(() => client.orderCustomFields({ body: { category_id: target.category.id, ids } }));
  }

  function stepOf(category: Category, by: -1 | 1): (() => void) | null {
    const categories = groups.map((group) => group.category);
    const from = categories.findIndex(({ id }) => id === category.id);
    const to = from + by;
    if (to < 0 || to >= categories.length) return null;
    return () => {
      const reordered = arrayMove(categories, from, to);
      void queryClient.cancelQueries({ queryKey: categoriesQuery.queryKey });
      queryClient.setQueryData(categoriesQuery.queryKey, (cached) => withOrderOf(reordered, cached));
      setAnnouncement(
        t("page.movedCategory", { name: category.name, position: to + 1, count: categories.length }),
      );
      save.mutate(() => client.orderCategories({ body: { ids: reordered.map(({ id }) => id) } }));
    };
  }

  return { announcement, error: save.error, moveField, stepOf };
}

/** Reorders the cached items, which keep the server's names; `shown` has translated names. */
function withOrderOf<Item extends Field | Category>(shown: readonly Item[], cached: Item[] | undefined) {
  const cachedById = new Map(cached?.map((item) => [item.id, item]));
  return shown.flatMap((item) => {
    const cachedItem = cachedById.get(item.id);
    if (cachedItem === undefined) return [];
    return "categoryId" in item ? { ...cachedItem, categoryId: item.categoryId } : cachedItem;
  });
}
