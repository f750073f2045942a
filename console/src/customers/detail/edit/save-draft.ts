import { ClienteleError } from "@clientele/sdk";
import type { Field } from "../../../custom-fields/definitions.ts";
import { fieldErrorsOf } from "../../../errors/faults.ts";
import { client } from "../../../session/client.ts";
import { queryClient } from "../../../session/query-client.ts";
import { tagsQuery } from "../../../tags/queries.ts";
import { type LoadedCustomer, loadedFrom } from "../customer-query.ts";
import { bodyOf, conflictsOf, type Draft, errorsByKey, tagsKey } from "./draft.ts";

/** Refused, with what is wrong by the key of the draft. */
export class DraftError extends Error {
  readonly fieldErrors: Readonly<Record<string, string>>;
  constructor(cause: unknown, fieldIds: readonly string[]) {
    super("The draft was refused.", { cause });
    this.fieldErrors = errorsByKey(fieldErrorsOf(cause), fieldIds);
  }
}

type Outcome =
  | { kind: "saved"; read: LoadedCustomer }
  /** Somebody else has written `keys` too, and a person has to say which are right. */
  | { kind: "conflict"; now: LoadedCustomer; keys: string[] };

const attemptsMax = 5;

/**
 * Writes what has been drafted over what was read. What somebody else has written meanwhile stays; where both have
 * written the same, nothing is saved before a person has chosen.
 */
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

/** Makes a customer of a draft. */
export async function createCustomer(draft: Draft, fields: readonly Field[]): Promise<LoadedCustomer> {
  // What is mandatory and empty is sent, so that its error has a place.
  const missing = fields.filter(({ id, isMandatory, isActive }) => isMandatory && isActive && !(id in draft));
  const withMandatory = { ...Object.fromEntries(missing.map(({ id }) => [id, ""])), ...draft };
  const { body, fieldIds } = bodyOf(withMandatory, fields, await tagIdsOf(draft));
  try {
    return loadedFrom(await client.createCustomer({ body }));
  } catch (error) {
    throw new DraftError(error, fieldIds);
  }
}

/** The ids of the tags that a draft names; those that are new are made. */
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
