import { type Static, timestampOf } from "@clientele/contract/formats";
import type { Completeness, fetchCompleteness as contract } from "@clientele/contract/insight";
import { LRUCache } from "lru-cache";
import type { Operation } from "../call.ts";
import { withDefinitions } from "../custom-fields/definitions.ts";
import * as store from "./store.ts";

type Counted = { groups: store.FieldCounts[]; at: Date };

/** Every customer is read for it, so it is read once a minute at most, whoever looks and however often. */
const keptMs = 60_000;
const kept = new LRUCache<string, Promise<Counted>>({ max: 1_000, ttl: keptMs });

export const fetchCompleteness: Operation<typeof contract> = ({ database, now }, { query }) =>
  withDefinitions(database, async ({ fields }) => {
    // The caller is known before anything that was kept is answered.
    await database.batch([]);
    const active = fields.filter(({ isActive }) => isActive).map(({ id }) => id);
    const count = query.by === "company" ? store.countFieldsByCompany : store.countFields;
    const key = [database.enterpriseId, query.by, ...active].join(" ");
    const { groups, at } = await countedOnce(key, async () => ({
      groups: await count(database, active),
      at: now,
    }));
    const own = database.session.companyIds;
    const seen = groups.filter(
      ({ companyId }) => companyId === null || own === null || own.includes(companyId),
    );
    const answered = seen.map(({ counts, ...group }): Static<typeof Completeness>["groups"][number] => ({
      ...group,
      fields: active.map((fieldId, index) => ({ fieldId, count: counts[index]! })),
    }));
    return { data: { groups: answered, asOf: timestampOf(at) } };
  });

/** Those who ask at once wait for one counting. One that fails is not kept. */
function countedOnce(key: string, count: () => Promise<Counted>): Promise<Counted> {
  const counted = kept.get(key) ?? count();
  if (kept.get(key) === counted) return counted;
  kept.set(key, counted);
  counted.catch(() => kept.delete(key));
  return counted;
}
