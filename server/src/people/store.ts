import type { Role } from "@clientele/contract/roles";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { one, type Sql, sql } from "../database/sql.ts";
import { enterpriseNames } from "../enterprises/enterprise-names.ts";
import type { Person } from "./accounts.ts";

export type Member = {
  kind: "member" | "invitation";
  id: string;
  name: string;
  email: string;
  role: Role;
  companyIds: readonly string[] | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date | null;
};

const memberColumns = sql`'member' as kind, m.person_id as id, m.name, m.email, m.role, m.company_ids as "companyIds",
  m.version, m.created_at as "createdAt", m.updated_at as "updatedAt", null::timestamptz as "expiresAt"`;
const invitationColumns = sql`'invitation' as kind, i.id, '' as name, i.email, i.role, i.company_ids as "companyIds",
  1 as version, i.created_at as "createdAt", i.created_at as "updatedAt", i.expires_at as "expiresAt"`;

const members = ({ enterpriseId }: Pick<EnterpriseDatabase, "enterpriseId">): Sql =>
  sql`members m where m.enterprise_id = ${enterpriseId} and m.removed_at is null`;

export async function list(
  database: EnterpriseDatabase,
  { now, offset, limit }: { now: Date; offset: number; limit: number },
): Promise<{ members: Member[]; total: number }> {
  const all = sql`select ${memberColumns} from ${members(database)}
    union all select ${invitationColumns} from invitations i
      where i.enterprise_id = ${database.enterpriseId} and i.expires_at > ${now}`;
  const [rows, { total }] = await database.batch([
    sql<Member>`select * from (${all}) of_all order by kind desc, email, id offset ${offset} limit ${limit}`,
    one(sql<{ total: number }>`select count(*) as total from (${all}) of_all`),
  ]);
  return { members: rows, total };
}

export const all = (database: EnterpriseDatabase): Promise<Member[]> =>
  database.many(sql<Member>`select ${memberColumns} from ${members(database)}`);

export async function find(database: EnterpriseDatabase, personId: string): Promise<Member | undefined> {
  return database.maybeOne(
    sql<Member>`select ${memberColumns} from ${members(database)} and m.person_id = ${personId}`,
  );
}

export async function findByEmail(database: EnterpriseDatabase, email: string): Promise<Member | undefined> {
  return database.maybeOne(
    sql<Member>`select ${memberColumns} from ${members(database)} and m.email = ${email}`,
  );
}

/**
 * Locks the administrators until the transaction ends, so that two concurrent removals cannot remove the last
 * one.
 */
export const lockAdministrators = (database: EnterpriseDatabase): Promise<{ id: string }[]> =>
  database.many(
    sql<{
      id: string;
    }>`select m.person_id as id from ${members(database)} and m.role = 'administrator' for update`,
  );

export type NewMember = { person: Person; role: Role; companyIds: readonly string[] | null };

export const upsertMember = (
  enterpriseId: string,
  { person, role, companyIds }: NewMember,
  now: Date,
): Sql<{ version: number }> =>
  sql`insert into members as m (enterprise_id, person_id, name, email, locale, role, company_ids, created_at, updated_at)
      values (${enterpriseId}, ${person.id}, ${person.name}, ${person.email}, ${person.locale}, ${role}, ${companyIds},
        ${now}, ${now})
      on conflict (enterprise_id, person_id) do update
        set role = excluded.role, company_ids = excluded.company_ids, version = m.version + 1, removed_at = null,
            name = excluded.name, email = excluded.email, locale = excluded.locale, created_at = excluded.created_at, updated_at = excluded.updated_at
        where m.removed_at is not null
      returning m.version`;

export const change = (enterpriseId: string, { id, role, companyIds, version }: Member, now: Date): Sql =>
  sql`update members set role = ${role}, company_ids = ${companyIds}, version = ${version}, updated_at = ${now}
      where enterprise_id = ${enterpriseId} and person_id = ${id}`;

export const remove = (enterpriseId: string, personId: string, now: Date): Sql =>
  sql`update members set removed_at = ${now}, version = version + 1
      where enterprise_id = ${enterpriseId} and person_id = ${personId} and removed_at is null returning person_id`;

export type Invitation = {
  id: string;
  email: string;
  role: Role;
  companyIds: readonly string[] | null;
  expiresAt: Date;
};

const invitationFields = sql`id, email, role, company_ids as "companyIds", expires_at as "expiresAt"`;

/**
 * Inserts an invitation and deletes earlier ones of the address, whose links become invalid. Returns the
 * deleted ones.
 */
export async function invite(
  { enterpriseId, batch }: EnterpriseDatabase,
  invitation: Invitation & { tokenHash: string },
  now: Date,
): Promise<Invitation[]> {
  const replaced: Invitation[] = [];
  for (;;) {
    const [deletedRows, inserted] = await batch([
      sql<Invitation>`delete from invitations where enterprise_id = ${enterpriseId} and email = ${invitation.email}
          returning ${invitationFields}`,
      sql`insert into invitations (enterprise_id, id, email, role, company_ids, token_hash, created_at, expires_at)
          values (${enterpriseId}, ${invitation.id}, ${invitation.email}, ${invitation.role},
            ${invitation.companyIds}, ${invitation.tokenHash}, ${now}, ${invitation.expiresAt})
          on conflict on constraint invitations_email_key do nothing`,
    ]);
    replaced.push(...deletedRows);
    // Nothing is inserted when another invitation of the address was committed in between: the next round
    // deletes it.
    if (inserted.rowCount > 0) return replaced;
  }
}

export const invitationsOf = (
  database: EnterpriseDatabase,
  by: { tokenHash: string } | { email: string },
  now: Date,
): Promise<(Invitation & { enterpriseName: string })[]> =>
  database.many(
    sql<
      Invitation & { enterpriseName: string }
    >`select ${invitationFields}, (select name from ${enterpriseNames} e where e.key = ${database.enterpriseId}) as "enterpriseName"
        from invitations where enterprise_id = ${database.enterpriseId} and expires_at > ${now}
          and ${"email" in by ? sql`email = ${by.email}` : sql`token_hash = ${by.tokenHash}`}`,
  );

export const consumeInvitation = (
  database: EnterpriseDatabase,
  id: string,
  now: Date,
): Promise<Invitation[]> =>
  database.many(
    sql<Invitation>`delete from invitations where enterprise_id = ${database.enterpriseId} and id = ${id}
          and expires_at > ${now} returning ${invitationFields}`,
  );

export const deleteInvitation = (database: EnterpriseDatabase, id: string): Promise<Invitation[]> =>
  database.many(
    sql<Invitation>`delete from invitations where enterprise_id = ${database.enterpriseId} and id = ${id} returning ${invitationFields}`,
  );

export type CallerProfile = { enterpriseName: string; email: string | null; locale: "en" | "de" | null };

export async function fetchCallerProfile(
  database: EnterpriseDatabase,
  personId: string | null,
): Promise<CallerProfile> {
  return database.one(
    sql<CallerProfile>`select e.name as "enterpriseName", m.email, m.locale
        from ${enterpriseNames} e left join members m on m.enterprise_id = ${database.enterpriseId}
          and m.person_id = ${personId} where e.key = ${database.enterpriseId}`,
  );
}
