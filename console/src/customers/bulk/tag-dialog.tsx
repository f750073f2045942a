import { MultiSelect, TagsInput } from "@mantine/core";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { tagsQuery } from "../../tags/queries.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import type { BulkDialogProps } from "./bulk-selection.ts";
import { useBulkChange } from "./use-bulk-change.tsx";

/** Adds and removes tags of many customers. */
export function TagDialog({ target: chosen, onStarted, onCancel }: BulkDialogProps) {
  const t = useTranslations("customers.table.bulk");
  const queryClient = useQueryClient();
  const tags = useSuspenseQuery(tagsQuery).data;
  const [added, setAdded] = useState<string[]>([]);
  const [removedIds, setRemovedIds] = useState<string[]>([]);
  const change = useBulkChange(chosen, onStarted);
  // Unknown names become new tags.
  const start = useMutation({
    mutationFn: async () => {
      const known = new Map(tags.map(({ id, name }) => [name, id]));
      const addedIds: string[] = [];
      for (const name of added)
        addedIds.push(known.get(name) ?? (await client.createTag({ body: { name } })).data.id);
      if (added.some((name) => !known.has(name))) await queryClient.invalidateQueries({ queryKey: ["tags"] });
      return change.mutateAsync({ add_tag_ids: addedIds, remove_tag_ids: removedIds });
    },
  });
  return (
    <BulkDialog
      submit={t("tagSubmit", { count: chosen.count })}
      isReady={added.length + removedIds.length > 0}
      mutation={start}
      onSubmit={() => start.mutate()}
      onCancel={onCancel}
    >
      <TagsInput
        label={t("addTags")}
        description={t("addTagsHint")}
        data-autofocus
        data={tags.map(({ name }) => name)}
        value={added}
        onChange={setAdded}
        acceptValueOnBlur
      />
      <MultiSelect
        label={t("removeTags")}
        searchable
        data={tags.map(({ id, name }) => ({ value: id, label: name }))}
        value={removedIds}
        onChange={setRemovedIds}
      />
    </BulkDialog>
  );
}
