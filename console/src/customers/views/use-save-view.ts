import type { Input } from "@clientele/sdk";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../session/client.ts";
import type { View } from "./queries.ts";

type NewView = Input<"createView">["body"];
type ViewChange = { view: null; change: NewView } | { view: View; change: Partial<NewView> };

/** Creates or updates a view. */
export function useSaveView(onSaved: (view: View) => void = () => undefined) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ view, change }: ViewChange) =>
      view === null
        ? (await client.createView({ body: change })).data
        : (await client.updateView({ viewId: view.id, body: change })).data,
    onSuccess: async (view) => {
      await queryClient.invalidateQueries({ queryKey: ["views"], predicate: isSavedView });
      onSaved(view);
    },
  });
}

/** Excludes the current layout, which other people cannot change. */
export const isSavedView = ({ queryKey }: { queryKey: readonly unknown[] }): boolean =>
  queryKey[1] !== "current";
