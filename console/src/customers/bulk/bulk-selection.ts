import type { Input } from "@clientele/sdk";
import type { CustomerFilters } from "../customers-search.ts";
import type { Sort } from "../table/layout.ts";
import type { Selection } from "../table/selection.ts";

/** The customers that a bulk action applies to. */
export type BulkTarget = { selection: Selection; filters: CustomerFilters; count: number };

export type BulkDialogProps = { target: BulkTarget; sort: Sort; onStarted: () => void; onCancel: () => void };

type BulkInput = Input<"bulkChangeCustomers">["body"];
export type BulkChange = BulkInput["change"];

/** The request's selection; the server rejects it when the number of customers has changed. */
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
