import { type Static, timestampOf } from "@clientele/contract/formats";
import type { Completeness, fetchCompleteness as contract } from "@clientele/contract/insight";
import { LRUCache } from "lru-cache";
import type { Operation } from "../call.ts";
import { withDefinitions } from "../custom-fields/definitions.ts";
import { required } from "../validation/required.ts";
import * as store from "./store.ts";

type CachedCounts = { groups: store.FieldCounts[]; at: Date };

/** Reads every customer, so the result is cached for one minute. */
const cacheTtlMs = 60_000;
const cache = new LRUCache<string, Promise<CachedCounts>>({ max: 1_000, ttl: cacheTtlMs });

export const fetchCompleteness: Operation<typeof contract> = ({ database, now }, { query }) =>
  withDefinitions(database, async ({ fields }) => {
    // Authorizes the caller before a cached result is returned.
    await database.batch([]);
    const active = fields.filter(({ isActive }) => isActive);
    const keys = active.map((field) => field.key);
    const count = query.by === "company" ? store.countFieldsByCompany : store.countFields;
    const key = [database.enterpriseId, query.by, ...keys].join(" ");
    const { groups, at } = await cachedCounts(key, async () => ({
      groups: await count(database, keys),
      at: now,
    }));
    const permittedIds = database.session.companyIds;
    const visible = groups.filter(
      ({ companyId }) => companyId === null || permittedIds === null || permittedIds.includes(companyId),
    );
    const groupsWithFields = visible.map(
      ({ counts, ...group }): Static<typeof Completeness>["groups"][number] => ({
        ...group,
        fields: active.map(({ id }, index) => ({
          fieldId: id,
          count: required(counts[index], "the count"),
        })),
      }),
    );
    return { data: { groups: groupsWithFields, asOf: timestampOf(at) } };
  });

/** Concurrent requests share one computation; a failed one is not cached. */
function cachedCounts(key: string, count: () => Promise<CachedCounts>): Promise<CachedCounts> {
  const counted = cache.get(key) ?? count();
  if (cache.get(key) === counted) return counted;
  cache.set(key, counted);
  counted.catch(() => cache.delete(key));
  return counted;
}
