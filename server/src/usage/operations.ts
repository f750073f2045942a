import type { fetchActivity as contract } from "@clientele/contract/insight";
import type { Operation } from "../call.ts";
import { firstDay } from "../insight/operations.ts";
import * as store from "./store.ts";

export const fetchActivity: Operation<typeof contract> = async ({ database, now }, { query }) => {
  const callers = await store.listSince(database, firstDay(now, query.days));
  const mayWatch = database.session.scopes.includes("ADMIN");
  return { data: { callers: mayWatch ? callers : withPeopleAsOne(callers) } };
};

type Told = Omit<store.Usage, "callerId"> & { callerId: string | null; callerName: string };

/** How much a colleague works is told to nobody but those who answer for it. */
function withPeopleAsOne(callers: readonly Told[]): Told[] {
  const people = new Map<string, Told>();
  const apps = callers.filter((it) => {
    if (it.callerKind === "app") return true;
    const { day, requests, refused, failed } = it;
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
