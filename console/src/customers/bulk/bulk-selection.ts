import type { Input } from "@clientele/sdk";
import type { CustomerFilters } from "../customers-search.ts";
import type { Sort } from "../table/layout.ts";
import type { Selection } from "../table/selection.ts";

/** Customers that something is done to, and how many they are. */
export type BulkTarget = { selection: Selection; filters: CustomerFilters; count: number };

/** What a dialog is given that asks what shall be done to them. */
export type BulkDialogProps = { target: BulkTarget; sort: Sort; onStarted: () => void; onCancel: () => void };

type BulkInput = Input<"bulkChangeCustomers">["body"];
export type BulkChange = BulkInput["change"];

/** They as a bulk change names them, refused when they are not as many any more. */
export const bulkTargetInput = ({
  selection,
  filters,
  count,
}: BulkTarget): Pick<BulkInput, "selection" | "expected_count"> => ({
  selection:
    selection.kind === "rows"
      ? { ids: [...selection.ids] }
      : { query: filters, ...(selection.exceptIds.size > 0 && { except_ids: [...selection.exceptIds] }) },
  expected_count: count,
});
