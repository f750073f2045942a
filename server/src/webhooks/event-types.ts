import { administrativeSubjects } from "@clientele/contract/changes";
import { testKind, webhookEventTypes } from "@clientele/contract/webhooks";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";
import type { FedChange } from "../journal/feed.ts";

export { testKind };

export const kindOf = ({ subject, kind }: Pick<FedChange, "subject" | "kind">): string =>
  `${subject}.${kind}`;

// The journal writes every type: a type that it cannot write does not compile.
const eventTypes: readonly `${FedChange["subject"]}.${FedChange["kind"]}`[] = webhookEventTypes;
const administrative: readonly string[] = eventTypes.filter((type) =>
  administrativeSubjects.some((subject) => type.startsWith(`${subject}.`)),
);
/** The types that `*` stands for. */
const standard: readonly string[] = eventTypes.filter((type) => !administrative.includes(type));

/** The event types that the patterns of an endpoint match. `*` does not match administrative ones. */
const matchedKinds = (kinds: readonly string[]): string[] => [
  ...standard.filter((kind) => kinds.includes("*") || isNamed(kinds, kind)),
  ...administrative.filter((kind) => isNamed(kinds, kind)),
];

const isNamed = (kinds: readonly string[], kind: string): boolean =>
  kinds.includes(kind) || kinds.includes(`${kind.split(".")[0]}.*`);

/** Whether any of these event types is for callers with ADMIN only. */
export const isAdministrative = (kinds: readonly string[]): boolean =>
  matchedKinds(kinds).some((kind) => administrative.includes(kind));

/** Known inside a write, and of a read behind its first answer. */
export const administers = ({ session }: EnterpriseDatabase): boolean => session.scopes.includes("ADMIN");

/** The event types that the caller must not see. */
export const hiddenKinds = (database: EnterpriseDatabase): readonly string[] =>
  administers(database) ? [] : administrative;

/**
 * The condition on a change `c` of the journal that selects those an endpoint receives. Customers that an import writes
 * are reported once, by `import.completed`.
 */
export const isSubscribed = ({
  kinds,
  companyIds,
}: {
  kinds: readonly string[];
  companyIds: string[] | null;
}): Sql =>
  sql`(c.subject || '.' || c.kind) = any(${matchedKinds(kinds)}::text[])
      and not (c.subject = 'customer' and c.import_id is not null)
      ${companyIds === null ? sql`` : sql`and c.company_id = any(${companyIds}::uuid[])`}`;
