import type { Role } from "@clientele/contract/roles";
import type { PeoplePool } from "../database/pools.ts";
import { maybeOne, one, type Query, type Sql, sql } from "../database/sql.ts";
import { problemOfDatabase } from "../database/sqlstate.ts";
import { enterpriseNames } from "../enterprises/enterprise-names.ts";

export type Person = { id: string; name: string; email: string; locale: "en" | "de" };
export type Membership = { id: string; name: string; role: Role };
export type OneTimeLink = { kind: "set-up" | "reset"; personId: string | null; expiresAt: Date | null };

const person = sql`id, name, email, locale`;
const passwords = "credential";

export type Accounts = ReturnType<typeof openAccounts>;

/** Accounts of people, read and written with the sign-in role. */
export function openAccounts(pool: PeoplePool) {
  /** In one transaction. */
  const send = <const Queries extends readonly Query<unknown>[]>(...queries: Queries) =>
    pool.batch(queries).catch((error: unknown) => {
      throw problemOfDatabase(error, "unchanged");
    });
  const setLocal = (setting: "person_id" | "person_email", value: string): Sql =>
    sql`select set_config(${`clientele.${setting}`}, ${value}, true)`;
  /** The row lock orders it after a concurrent change of the person. */
  const copyToMembers = (personId: string): Sql =>
    sql`update members m set name = p.name, email = p.email, locale = p.locale
        from (select name, email, locale from people where id = ${personId} for update) p
        where m.person_id = ${personId} and (m.name, m.email, m.locale) <> (p.name, p.email, p.locale)`;

  return {
    find: async (id: string) =>
      (await send(maybeOne(sql<Person>`select ${person} from people where id = ${id}`)))[0],

    findByEmail: async (email: string) =>
      (await send(maybeOne(sql<Person>`select ${person} from people where email = ${email}`)))[0],

    /** Everybody, ordered by e-mail address. */
    list: async () =>
      (
        await send(
          sql<
            Person & { createdAt: Date }
          >`select ${person}, created_at as "createdAt" from people order by email`,
        )
      )[0],

    hasAny: async (): Promise<boolean> =>
      (await send(one(sql<{ some: boolean }>`select exists (select from people) as some`)))[0].some,

    /** The memberships of a person, ordered by name. */
    memberships: async (personId: string): Promise<Membership[]> => {
      const [, , memberships] = await send(
        setLocal("person_id", personId),
        sql`select set_config('clientele.member_of', coalesce(string_agg(enterprise_id::text, ','), ''), true)
            from members where person_id = ${personId} and removed_at is null`,
        sql<Membership>`select e.id, e.name, m.role from members m join ${enterpriseNames} e on e.key = m.enterprise_id
            where m.person_id = ${personId} and m.removed_at is null order by e.name, e.id`,
      );
      return memberships;
    },

    /** The enterprises with a valid invitation of the address. */
    invitingEnterprises: async (email: string, now: Date): Promise<string[]> => {
      const valid = sql`email = ${email} and expires_at > ${now}`;
      const [, , enterprises] = await send(
        setLocal("person_email", email),
        sql`select set_config('clientele.member_of', coalesce(string_agg(enterprise_id::text, ','), ''), true)
            from invitations where ${valid}`,
        sql<{
          id: string;
        }>`select e.id from invitations i join ${enterpriseNames} e on e.key = i.enterprise_id
            where ${valid} order by 1`,
      );
      return enterprises.map(({ id }) => id);
    },

    /** Creates a person with a password; returns false and changes nothing when the address exists. */
    create: async (newPerson: Person & { accountId: string; passwordHash: string }): Promise<boolean> =>
      (
        await send(
          sql`with made as (
                insert into people (id, email, email_verified, name, locale)
                values (${newPerson.id}, ${newPerson.email}, true, ${newPerson.name}, ${newPerson.locale})
                on conflict do nothing returning id)
              insert into people_accounts (id, person_id, provider_id, account_id, password)
              select ${newPerson.accountId}, id, ${passwords}, id, ${newPerson.passwordHash} from made returning id`,
        )
      )[0].length > 0,

    /** Sets the password and ends every session. */
    setPassword: (personId: string, accountId: string, passwordHash: string) =>
      send(
        sql`delete from people_accounts where person_id = ${personId} and provider_id = ${passwords}`,
        sql`insert into people_accounts (id, person_id, provider_id, account_id, password)
            values (${accountId}, ${personId}, ${passwords}, ${personId}, ${passwordHash})`,
        sql`delete from people_sessions where person_id = ${personId}`,
        sql`delete from people_links where person_id = ${personId}`,
      ),

    change: (id: string, { name, locale }: { name?: string; locale?: "en" | "de" }) =>
      send(
        sql`update people set name = coalesce(${name ?? null}, name), locale = coalesce(${locale ?? null}, locale),
              updated_at = now() where id = ${id}`,
        setLocal("person_id", id),
        copyToMembers(id),
      ),

    /** Updates the person's name, e-mail address and locale in every membership, including former ones. */
    copyToMembers: (id: string) => send(setLocal("person_id", id), copyToMembers(id)),

    /** Deletes the account, and the name and e-mail address from every membership. */
    remove: (id: string) =>
      send(
        setLocal("person_id", id),
        sql`update members set name = '', email = '' where person_id = ${id}`,
        sql`delete from people where id = ${id}`,
      ),

    /** Creates a link and invalidates earlier ones of its kind and person. */
    createLink: (link: OneTimeLink & { tokenHash: string }) =>
      send(
        sql`delete from people_links where kind = ${link.kind} and person_id is not distinct from ${link.personId}`,
        sql`insert into people_links (token_hash, kind, person_id, expires_at)
            values (${link.tokenHash}, ${link.kind}, ${link.personId}, ${link.expiresAt})`,
      ),

    findLink: async (tokenHash: string, now: Date) =>
      (
        await send(
          maybeOne(sql<OneTimeLink>`select kind, person_id as "personId", expires_at as "expiresAt" from people_links
              where token_hash = ${tokenHash} and (expires_at is null or expires_at > ${now})`),
        )
      )[0],

    /** Consumes a link; true for exactly one of several concurrent uses. */
    consumeLink: async (tokenHash: string, now: Date): Promise<boolean> =>
      (
        await send(
          sql`delete from people_links where token_hash = ${tokenHash}
                and (expires_at is null or expires_at > ${now}) returning kind`,
        )
      )[0].length > 0,

    /** Deletes expired sessions, verifications and links; returns their number. */
    purge: async (now: Date): Promise<number> => {
      const answers = await send(
        sql`delete from people_sessions where expires_at < ${now}`,
        sql`delete from people_verifications where expires_at < ${now}`,
        sql`delete from people_links where expires_at < ${now}`,
      );
      return answers.reduce((purged, { rowCount }) => purged + rowCount, 0);
    },
  };
}
