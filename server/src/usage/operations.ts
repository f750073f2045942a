import type { fetchActivity as contract } from "@clientele/contract/insight";
import type { Operation } from "../call.ts";
import { firstDay } from "../insight/operations.ts";
import * as store from "./store.ts";

export const fetchActivity: Operation<typeof contract> = async ({ database, now }, { query }) => ({
  data: { callers: await store.listSince(database, firstDay(now, query.days)) },
});
