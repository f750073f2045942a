import * as contract from "@clientele/contract/customers";
import { WrittenJson } from "@clientele/contract/envelopes";
import { Problem, problemOf } from "@clientele/contract/errors";
import type { Call, Operation } from "../call.ts";
import { currentDefinitions, type Definitions, withDefinitions } from "../custom-fields/definitions.ts";
import { compileCheck } from "../validation/schema-check.ts";
import { addressOf } from "./address.ts";
import { checkAndRead } from "./check-row.ts";
import { removing } from "./delete-customers.ts";
import type { RowOutcome } from "./plan.ts";
import type { Row } from "./read-row.ts";
import { type CustomerRow, customerWriter, wholeCustomer } from "./render.ts";
import * as store from "./store.ts";
import { writeRows } from "./write.ts";

export const fetch: Operation<typeof contract.fetchCustomer> = ({ database }, { params, query }) =>
  withDefinitions(database, async (definitions) => {
    const row = await store.fetchRow(database, addressOf(params.customerId, query.external));
    if (!row) throw new Problem("CUSTOMER_NOT_FOUND");
    return answer(definitions, row);
  });

const checkCreate = compileCheck(contract.createCustomer.body, "body");
const checkUpdate = compileCheck(contract.updateCustomer.body, "body");

export const create: Operation<typeof contract.createCustomer> = async (call, { body }) => {
  const definitions = await currentDefinitions(call.database);
  const row = checkAndRead(definitions, 0, body, checkCreate, { unknownFields: "error" });
  return writeOne(call, definitions, row, { mode: "create", matchOn: [] });
};

export const update: Operation<typeof contract.updateCustomer> = async (call, { params, query, body }) => {
  const current = await lock(call, params.customerId, query.external);
  const definitions = await currentDefinitions(call.database);
  const row = checkAndRead(definitions, 0, body, checkUpdate, { unknownFields: "error" });
  return writeOne(call, definitions, { ...row, id: current.id }, { mode: "update", matchOn: ["id"] });
};

export const remove: Operation<typeof contract.deleteCustomer> = async (call, { params, query }) => {
  const { database } = call;
  const current = await lock(call, params.customerId, query.external);
  const definitions = await currentDefinitions(database);
  await database.batch(removing(call, definitions, [current], { reason: "request" }));
  return { data: { id: current.id } };
};

/** The customer that a path names, for this call's write alone, in the version that the caller expects. */
async function lock(call: Call, customerId: string, external: unknown): Promise<store.CustomerState> {
  const current = await store.lockOne(call.database, addressOf(customerId, external));
  if (!current) throw new Problem("CUSTOMER_NOT_FOUND");
  if (call.expectedVersion !== undefined && call.expectedVersion !== current.version) {
    throw new Problem("VERSION_MISMATCH");
  }
  return current;
}

type OneOptions = { mode: "create" | "update"; matchOn: readonly "id"[] };

async function writeOne(call: Call, definitions: Definitions, row: Row, options: OneOptions) {
  const { plan, rendered } = await writeRows(call, definitions, [row], { ...options, reason: "request" });
  const [outcome] = plan.outcomes as [RowOutcome];
  if (outcome.outcome === "failed") throw problemOf(outcome.fieldErrors);
  const stored = rendered[0] ?? (await store.fetchRow(call.database, { id: outcome.id! }));
  return answer(definitions, stored!);
}

const writers = new WeakMap<Definitions, (row: CustomerRow) => string>();

/** The writer of whole customers is made once for all that share the definitions. */
function writerOf(definitions: Definitions): (row: CustomerRow) => string {
  let writer = writers.get(definitions);
  if (!writer) {
    writer = customerWriter(definitions, wholeCustomer);
    writers.set(definitions, writer);
  }
  return writer;
}

/** A customer as it now stands, with its ETag. */
export const answer = (definitions: Definitions, row: CustomerRow) => ({
  data: new WrittenJson(writerOf(definitions)(row)),
  version: Number(row[7]),
});
