import * as contract from "@clientele/contract/customers";
import { WrittenJson } from "@clientele/contract/envelopes";
import { Problem, problemOf } from "@clientele/contract/errors";
import type { Call, Operation } from "../call.ts";
import { currentDefinitions, type Definitions, withDefinitions } from "../custom-fields/definitions.ts";
import { required } from "../validation/required.ts";
import { compileCheck } from "../validation/schema-check.ts";
import { checkAndRead } from "./check-row.ts";
import { allAttributes, type CustomerRow, customerSerializer } from "./customer-json.ts";
import { customerRefOf } from "./customer-ref.ts";
import { deleteStatements } from "./delete-customers.ts";
import type { RowOutcome } from "./plan.ts";
import type { ParsedRow } from "./read-row.ts";
import * as store from "./store.ts";
import { writeRows } from "./write.ts";

export const fetch: Operation<typeof contract.fetchCustomer> = ({ database }, { params, query }) =>
  withDefinitions(database, async (definitions) => {
    const row = await store.fetchRow(database, customerRefOf(params.customerId, query.external));
    if (!row) throw new Problem("CUSTOMER_NOT_FOUND");
    return answerCustomer(definitions, row);
  });

const checkCreate = compileCheck(contract.createCustomer.body, "body");
const checkUpdate = compileCheck(contract.updateCustomer.body, "body");

export const create: Operation<typeof contract.createCustomer> = async (call, { body }) => {
  const definitions = await currentDefinitions(call.database);
  const row = checkAndRead(definitions, 0, body, checkCreate, { unknownFields: "error" });
  return writeOne(call, definitions, row, { mode: "create", matchOn: [] });
};

export const update: Operation<typeof contract.updateCustomer> = async (call, { params, query, body }) => {
  const current = await lockCustomer(call, params.customerId, query.external);
  const definitions = await currentDefinitions(call.database);
  const row = checkAndRead(definitions, 0, body, checkUpdate, { unknownFields: "error" });
  return writeOne(call, definitions, { ...row, id: current.id }, { mode: "update", matchOn: ["id"] });
};

export const remove: Operation<typeof contract.deleteCustomer> = async (call, { params, query }) => {
  const { database } = call;
  const current = await lockCustomer(call, params.customerId, query.external);
  const definitions = await currentDefinitions(database);
  await database.batchAndCommit(deleteStatements(call, definitions, [current], { reason: "request" }));
  return { data: { id: current.id } };
};

/**
 * Locks the customer in the path. Throws CUSTOMER_NOT_FOUND, or VERSION_MISMATCH when `If-Match` names
 * another version.
 */
async function lockCustomer(call: Call, customerId: string, external: unknown): Promise<store.CustomerState> {
  const current = await store.lockCustomer(call.database, customerRefOf(customerId, external));
  if (!current) throw new Problem("CUSTOMER_NOT_FOUND");
  if (call.expectedVersion !== undefined && call.expectedVersion !== current.version) {
    throw new Problem("VERSION_MISMATCH");
  }
  return current;
}

type WriteOneOptions = { mode: "create" | "update"; matchOn: readonly "id"[] };

async function writeOne(call: Call, definitions: Definitions, row: ParsedRow, options: WriteOneOptions) {
  const { plan, rendered } = await writeRows(call, definitions, [row], {
    ...options,
    reason: "request",
    isLast: true,
  });
  const [outcome] = plan.outcomes as [RowOutcome];
  if (outcome.outcome === "failed") throw problemOf(outcome.fieldErrors);
  const stored =
    rendered[0] ?? (await store.fetchRow(call.database, { id: required(outcome.id, "the customer's id") }));
  return answerCustomer(definitions, required(stored, "stored"));
}

const serializers = new WeakMap<Definitions, (row: CustomerRow) => string>();

/** One serializer per definitions object: building it costs more than one use. */
function serializerOf(definitions: Definitions): (row: CustomerRow) => string {
  let serializer = serializers.get(definitions);
  if (!serializer) {
    serializer = customerSerializer(definitions, allAttributes);
    serializers.set(definitions, serializer);
  }
  return serializer;
}

/** The response for one customer; `version` becomes its ETag. */
export const answerCustomer = (definitions: Definitions, row: CustomerRow) => ({
  data: new WrittenJson(serializerOf(definitions)(row)),
  version: Number(row[6]),
});
