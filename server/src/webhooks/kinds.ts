import { testKind, type WebhookKind, webhookSubjects } from "@clientele/contract/webhooks";
import { type Sql, sql } from "../database/sql.ts";
import type { FedChange } from "../journal/feed.ts";

export { testKind };

export const kindOf = ({ subject, kind }: Pick<FedChange, "subject" | "kind">): string =>
  `${subject}.${kind}`;

/** The kinds that an endpoint means by what it asks for. */
function meant(kinds: readonly WebhookKind[]): string[] {
  const all = webhookSubjects.flatMap((subject) =>
    ["created", "updated", "deleted"].map((kind) => `${subject}.${kind}`),
  );
  const every = [...all, "import.completed"];
  return every.filter((kind) =>
    kinds.some((asked) => asked === "*" || asked === kind || asked === `${kind.split(".")[0]}.*`),
  );
}

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
  sql`(c.subject || '.' || c.kind) = any(${meant(kinds as WebhookKind[])}::text[])
      and not (c.subject = 'customer' and c.import_id is not null)
      ${companyIds === null ? sql`` : sql`and c.company_id = any(${companyIds}::text[])`}`;
