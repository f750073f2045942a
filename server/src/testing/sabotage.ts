import type { Socket } from "node:net";
import type { ServicePool } from "../database/pools.ts";
import { type RoundTrip, type Tapped, tap } from "./statement-tap.ts";

/**
 * The failure: the server reports a SQLSTATE, the session ends, or the connection closes before or after the request.
 */
export type InjectedFailure = { sqlstate: string } | "terminated" | "cut before" | "cut after";

type Plan = {
  fault: InjectedFailure;
  /**
   * Before which statement of a transaction, counted from 0; for a closed connection, before or after which round trip.
   */
  at: number;
  /** On the first attempt only, or on each. */
  attempts: "first" | "every";
};

export type Sabotage = {
  /** Injects the failure from now on. Null injects none. */
  set(plan: Plan | null): void;
  /** The number of failures since the plan was set, and the last affected statement. */
  readonly happened: number;
  readonly struck: string;
};

/** Injects real server errors on a real connection, at a chosen position of the pool's statements. */
export function sabotage(pool: ServicePool): Sabotage {
  let plan: Plan | null = null;
  let seen = 0;
  let happened = 0;
  let struck = "";

  tap(pool, ({ statements, isBatch, client }) => {
    if (plan === null || statements[0]?.text === "rollback") return;
    if (statements[0]?.text === "begin" && plan.attempts === "every") seen = 0;
    const { fault, at } = plan;
    const cuts = fault === "cut before" || fault === "cut after";
    const index = at - seen;
    seen += cuts ? 1 : statements.length;
    if (index < 0 || index >= (cuts ? 1 : statements.length)) return;
    happened += 1;
    struck = statements[cuts ? statements.length - 1 : index]!.text;
    if (cuts) cut(client, fault);
    else if (fault === "terminated" && !isBatch) cut(client, "cut before");
    else if (isBatch) statements.splice(index, 0, ...faulty(fault));
    else Object.assign(statements[index]!, faulty(fault)[0]);
  });

  return {
    set(next) {
      [plan, seen, happened, struck] = [next, 0, 0, ""];
    },
    get happened() {
      return happened;
    },
    get struck() {
      return struck;
    },
  };
}

const statement = (text: string): Tapped => ({ text, values: [], bound: [] });

const faulty = (fault: Exclude<InjectedFailure, "cut before" | "cut after">): Tapped[] =>
  fault === "terminated"
    ? [statement("set role none"), statement("select pg_terminate_backend(pg_backend_pid())")]
    : [statement(`do $$ begin raise exception 'forced' using errcode = '${fault.sqlstate}'; end $$`)];

function cut(client: RoundTrip["client"], fault: "cut before" | "cut after"): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  if (fault === "cut before") {
    stream.destroy();
    return;
  }
  // The server has executed the statements; the response is dropped.
  stream.removeAllListeners("data");
  stream.once("data", () => stream.destroy());
}
