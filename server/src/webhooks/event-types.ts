import { administrativeSubjects } from "@clientele/contract/changes";
import { testKind, webhookSubjects } from "@clientele/contract/webhooks";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";
import type { FedChange } from "../journal/feed.ts";

export { testKind };

export const kindOf = ({ subject, kind }: Pick<FedChange, "subject" | "kind">): string =>
  `${subject}.${kind}`;

const kindsOf = (subjects: readonly string[]): string[] =>
  subjects.flatMap((subject) => ["created", "updated", "deleted"].map((kind) => `${subject}.${kind}`));

/** What everything is: all that whoever reads the feed is told of. */
const usual = [...kindsOf(webhookSubjects), "import.completed"];
const administrative = kindsOf(administrativeSubjects);

/** The kinds that an endpoint means by what it asks for. */
const meant = (kinds: readonly string[]): string[] => [
  ...usual.filter((kind) => kinds.includes("*") || isNamed(kinds, kind)),
  ...administrative.filter((kind) => isNamed(kinds, kind)),
];

const isNamed = (kinds: readonly string[], kind: string): boolean =>
  kinds.includes(kind) || kinds.includes(`${kind.split(".")[0]}.*`);

/** Who asks for these is told of something that only who administers the enterprise may know. */
export const isAdministrative = (kinds: readonly string[]): boolean =>
  meant(kinds).some((kind) => administrative.includes(kind));

/** Known inside a write, and of a read behind its first answer. */
export const administers = ({ session }: EnterpriseDatabase): boolean => session.scopes.includes("ADMIN");

/** The kinds of deliveries that are none to the caller. */
export const hiddenFrom = (database: EnterpriseDatabase): readonly string[] =>
  administers(database) ? [] : administrative;

/**
 * Which changes of the journal `c` an endpoint is told of. What an import has done to customers is told at its end,
 * at once.
 */
export const wantedBy = ({
  kinds,
  companyIds,
}: {
  kinds: readonly string[];
  companyIds: string[] | null;
}): Sql =>
  sql`(c.subject || '.' || c.kind) = any(${meant(kinds)}::text[])
      and not (c.subject = 'customer' and c.import_id is not null)
      ${companyIds === null ? sql`` : sql`and c.company_id = any(${companyIds}::text[])`}`;
