import { ClienteleError } from "@clientele/sdk";
import type { Field } from "../../../custom-fields/definitions.ts";
import { bodyErrors, type FieldErrors } from "../../../errors/field-errors.ts";
import { client } from "../../../session/client.ts";
import { queryClient } from "../../../session/query-client.ts";
import { tagsQuery } from "../../../tags/queries.ts";
import { type LoadedCustomer, loadedFrom } from "../customer-query.ts";
import { bodyOf, conflictsOf, type Draft, errorsByKey, tagsKey } from "./draft.ts";

/** The server rejected the draft; carries errors by draft key. */
export class DraftError extends Error {
  readonly fieldErrors: FieldErrors;
  constructor(cause: unknown, fieldIds: readonly string[]) {
    super("The draft was refused.", { cause });
    this.fieldErrors = errorsByKey(bodyErrors(cause), fieldIds);
  }
}

type Outcome =
  | { kind: "saved"; read: LoadedCustomer }
  /** Someone else has changed `keys` too, so the person has to choose. */
  | { kind: "conflict"; now: LoadedCustomer; keys: string[] };

const attemptsMax = 5;

/** Saves a draft. Other people's changes stay; a key that both have changed is a conflict, and nothing is saved. */
export async function saveDraft(
  read: LoadedCustomer,
  draft: Draft,
  fields: readonly Field[],
): Promise<Outcome> {
  const customerId = read.customer.id;
  const { body, fieldIds } = bodyOf(draft, fields, await tagIdsOf(draft));
  let ifMatch = read.etag;
  for (let attempt = 1; ; attempt++) {
    try {
      return {
        kind: "saved",
        read: loadedFrom(await client.updateCustomer({ customerId, body }, { ifMatch })),
      };
    } catch (error) {
      const isVersionMismatch = error instanceof ClienteleError && error.code === "VERSION_MISMATCH";
      if (!isVersionMismatch || attempt === attemptsMax) throw new DraftError(error, fieldIds);
    }
    const now = loadedFrom(await client.fetchCustomer({ customerId }));
    const keys = conflictsOf(draft, read.customer, now.customer);
    if (keys.length > 0) return { kind: "conflict", now, keys };
    ifMatch = now.etag;
  }
}

export async function createCustomer(draft: Draft, fields: readonly Field[]): Promise<LoadedCustomer> {
  // Empty required fields are sent, so that their errors have a path.
  const missing = fields.filter(({ id, isMandatory, isActive }) => isMandatory && isActive && !(id in draft));
  const withMandatory = { ...Object.fromEntries(missing.map(({ id }) => [id, ""])), ...draft };
  const { body, fieldIds } = bodyOf(withMandatory, fields, await tagIdsOf(draft));
  try {
    return loadedFrom(await client.createCustomer({ body }));
  } catch (error) {
    throw new DraftError(error, fieldIds);
  }
}

/** Ids of the draft's tags; creates missing ones. */
async function tagIdsOf(draft: Draft): Promise<string[] | undefined> {
  const names = draft[tagsKey];
  if (names === undefined) return undefined;
  const tags = await queryClient.fetchQuery({ ...tagsQuery, staleTime: 0 });
  const known = new Map(tags.map(({ id, name }) => [name.toLocaleLowerCase(), id]));
  const ids: string[] = [];
  for (const name of names)
    ids.push(known.get(name.toLocaleLowerCase()) ?? (await client.createTag({ body: { name } })).data.id);
  if (ids.some((id) => !tags.some((tag) => tag.id === id)))
    void queryClient.invalidateQueries({ queryKey: tagsQuery.queryKey });
  return ids;
}
