import type * as contract from "@clientele/contract/customers";
import { pageOf } from "@clientele/contract/envelopes";
import { type FieldError, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { Operation } from "../../call.ts";
import { withDefinitions } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { required } from "../../validation/required.ts";
import { customerSerializer } from "../customer-json.ts";
import { loadCallerFor } from "./conditions.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { Page, streamPage } from "./page.ts";
import { type ListRequest, readListQuery } from "./query.ts";
import { listStatements, preferIndexOrder, widthOfRow } from "./statements.ts";

// Rows of a page that is read in one round trip; longer pages are streamed.
const inOneMax = 500;
// Few rows per read: rows that survive a garbage collection accumulate up to 100 MB.
const rowsPerRead = 250;

export const list: Operation<typeof contract.listCustomers> = ({ database, cursorKeys }, { query }) =>
  withDefinitions(database, async (definitions) => {
    const { request, fieldErrors } = readListQuery(definitions, query);
    if (fieldErrors.length > 0) return refuse(database, fieldErrors);
    await loadCallerFor(database, request.filters);
    const scope = scopeOf(database.enterpriseId, request);
    const after = query.cursor === undefined ? null : readCursor(cursorKeys, scope, query.cursor);
    if (query.cursor !== undefined && after === null) return refuse(database, [notOfThisList]);

    const { limit, ...firstPage } = pageOf(query);
    const { page, offset } = after === null ? firstPage : { page: after.page + 1, offset: 0 };
    const statements = listStatements(database, {
      ...request,
      after: after?.keys ?? null,
      offset,
      rowsMax: limit + 1,
      counted: query.count !== "none",
      streamed: limit > inOneMax,
    });
    const written = new Page({
      page,
      limit,
      width: widthOfRow(request),
      write: customerSerializer(definitions, request.projection),
      cursorOf: (position) => writeCursor(cursorKeys, scope, position),
    });
    if (limit <= inOneMax) {
      const [, ...lists] = await database.batch([preferIndexOrder, ...statements]);
      for (const rows of lists) for (const row of rows) written.add(row);
      return { data: written.take(), page, limit, ...written.end() };
    }
    const rows = database.stream(required(statements[0], "the statement"), rowsPerRead);
    const first = await rows.next();
    // Rows are not written by outdated definitions: `withDefinitions` runs the request again.
    if (database.session.definitionsRevision !== definitions.revision) await rows.return(undefined);
    return { data: streamPage(written, first.done ? [] : first.value, rows), page, limit };
  });

/** Loads the caller first: unknown callers get no errors, and outdated definitions may have caused the errors. */
async function refuse(database: EnterpriseDatabase, fieldErrors: readonly FieldError[]): Promise<never> {
  await database.batch([]);
  throw problemOf(fieldErrors);
}

const notOfThisList: FieldError = {
  in: "query",
  path: "cursor",
  code: "CURSOR_INVALID",
  ...reason("CURSOR_OF_OTHER_LIST"),
};

/** Identifies the list of a cursor. */
const scopeOf = (enterpriseId: string, { sort, descending, filters }: ListRequest): string =>
  JSON.stringify([enterpriseId, sort.name, descending, filters]);
