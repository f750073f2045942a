import { Problem } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/people";
import type { Scope } from "@clientele/contract/route";
import type { Call, Operation } from "../call.ts";
import { required } from "../validation/required.ts";
import type { Accounts } from "./accounts.ts";
import { fetchCallerProfile } from "./store.ts";

export const fetchMe =
  (accounts: Accounts): Operation<typeof contract.fetchMe> =>
  (call) =>
    answer(call, accounts);

export const updateMe =
  (accounts: Accounts): Operation<typeof contract.updateMe> =>
  async (call, { body }) => {
    if (call.personId === null) throw new Problem("PERSON_NEEDED");
    await accounts.change(call.personId, body);
    const { data } = await answer(call, accounts);
    return { data: { ...data, name: body.name ?? data.name } };
  };

async function answer(call: Call, accounts: Accounts) {
  const { database, appId, personId } = call;
  const { enterpriseName, email, locale } = await fetchCallerProfile(database, personId);
  const { callerName, role, scopes, companyIds } = database.session;
  const enterprise = { id: database.enterpriseId, name: enterpriseName };
  return {
    data: {
      kind: personId === null ? ("app" as const) : ("person" as const),
      id: required(personId ?? appId, "the caller's id"),
      name: callerName,
      email,
      locale,
      role,
      scopes: scopes as Scope[],
      companyIds: companyIds === null ? null : [...companyIds],
      enterprise,
      enterprises: personId === null ? [{ ...enterprise, role }] : await accounts.memberships(personId),
    },
  };
}
