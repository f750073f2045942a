import { pageOf } from "@clientele/contract/envelopes";
import { Problem } from "@clientele/contract/errors";
import { timestampOf } from "@clientele/contract/formats";
import type * as contract from "@clientele/contract/history";
import type { Operation } from "../call.ts";
import { withDefinitions } from "../custom-fields/definitions.ts";
import { listChanges, type StoredChange } from "../journal/changes.ts";
import { addressOf, idAt } from "./address.ts";
import { differences, type Names, namesIn } from "./differences.ts";
import type { Snapshot } from "./write.ts";

/** A customer that is gone has left nothing but its history, so that alone tells whether there ever was one. */
export const listHistory: Operation<typeof contract.listHistory> = ({ database }, { params, query }) => {
  const { page, limit, offset } = pageOf(query);
  const customerId = idAt(database.enterpriseId, addressOf(params.customerId, query.external));
  return withDefinitions(database, async (definitions) => {
    const listed = await listChanges<Snapshot>(database, "customer", customerId, { offset, limit });
    if (listed.total === 0) throw new Problem("CUSTOMER_NOT_FOUND");
    const names = await namesIn(database, definitions, listed.changes);
    return { data: listed.changes.map((change) => answer(change, names)), total: listed.total, page, limit };
  });
};

const answer = ({ before, after, at, ...change }: StoredChange<Snapshot>, names: Names) => ({
  id: change.id,
  at: timestampOf(at),
  kind: change.kind,
  reason: change.reason,
  version: change.version,
  appId: change.appId,
  appName: change.appName,
  companyId: change.companyId,
  importLine: change.importLine,
  requestId: change.requestId,
  changes: differences({ before, after }, names),
});
