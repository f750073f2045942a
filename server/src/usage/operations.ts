import type { fetchActivity as contract } from "@clientele/contract/insight";
import type { Operation } from "../call.ts";
import { firstDay } from "../insight/operations.ts";
import * as store from "./store.ts";

export const fetchActivity: Operation<typeof contract> = async ({ database, now }, { query }) => {
  const callers = await store.listSince(database, firstDay(now, query.days));
  const seesPeople = database.session.scopes.includes("ADMIN");
  return { data: { callers: seesPeople ? callers : sumPeople(callers) } };
};

type CallerUsage = Omit<store.Usage, "callerId"> & { callerId: string | null; callerName: string };

/** Sums the usage of all people, because only administrators may see that of each. */
function sumPeople(callers: readonly CallerUsage[]): CallerUsage[] {
  const people = new Map<string, CallerUsage>();
  const apps = callers.filter(({ callerKind, day, requests, refused, failed }) => {
    if (callerKind === "app") return true;
    const sum = people.get(day) ?? {
      day,
      callerKind: "person",
      callerId: null,
      callerName: "",
      requests: 0,
      refused: 0,
      failed: 0,
    };
    sum.requests += requests;
    sum.refused += refused;
    sum.failed += failed;
    people.set(day, sum);
    return false;
  });
  return [...apps, ...people.values()].sort((one, other) => one.day.localeCompare(other.day));
}
