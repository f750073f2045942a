import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enterpriseKeyOf, uuidOf } from "../database/id-codec.ts";
import { driverOf } from "../database/pools.ts";
import { newIdAt } from "../ids/new-id.ts";
import { startApp } from "./start-app.ts";

const registry = startApp();

const rows = async <T>(text: string): Promise<T[]> => (await registry.database.admin.query(text)).rows as T[];
const names = async (text: string): Promise<string[]> =>
  (await rows<{ name: string }>(text)).map(({ name }) => name);

/** Tables of the installation, each by name: a new table without an enterprise fails here. */
const ofTheInstallation = [
  "enterprises",
  "epochs",
  "import_queue",
  "migrations",
  "people",
  "people_accounts",
  "people_links",
  "people_sessions",
  "people_verifications",
  "signing_keys",
  "webhook_queue",
];

const ofPeople = ofTheInstallation.filter((name) => name.startsWith("people"));

const tables = `select c.oid, c.relname as name, c.relrowsecurity and c.relforcerowsecurity as locked
  from pg_class c where c.relnamespace = 'clientele'::regnamespace and c.relkind in ('r', 'p', 'f', 'm')`;
const ownedTables = `select t.*, a.attnum as enterprise from (${tables}) t
  join pg_attribute a on a.attrelid = t.oid and a.attname = 'enterprise_id' and not a.attisdropped`;

/** The value that identifies the enterprise in the session and in rows; empty without an enterprise. */
const keyOf = (enterpriseId: string) => (enterpriseId === "" ? "" : enterpriseKeyOf(enterpriseId));

const plainRoles = [
  "clientele_service",
  "clientele_operator",
  "clientele_housekeeping",
  "clientele_search",
  "clientele_people",
];
const key = ({ name, privilege }: { name: string; privilege: string }) => `${name} ${privilege}`;
const quoted = plainRoles.map((role) => `'${role}'`).join(", ");

describe("every table of an enterprise", () => {
  test("has a column that names the enterprise", async () => {
    const owned = new Set(await names(`select name from (${ownedTables}) t`));
    const all = await names(`select name from (${tables}) t order by 1`);
    expect(all.filter((name) => !owned.has(name))).toEqual(ofTheInstallation);
    expect(owned.size).toBeGreaterThan(8);
    expect(
      await names(
        `select t.name from (${ownedTables}) t join pg_attribute a on a.attrelid = t.oid and a.attname = 'enterprise_id'
         where not a.attnotnull`,
      ),
    ).toEqual([]);
  });

  test("has row-level security enabled and forced", async () => {
    expect(
      await names(
        `select name from (${tables}) t where not locked and name not in ('epochs', 'migrations', 'signing_keys')`,
      ),
    ).toEqual([]);
  });

  test("shows service and operator the entered enterprise only, by one policy", async () => {
    // Permissive policies add up, so a second one for these roles would widen the first.
    const policies = (role: string) =>
      `select p.tablename as name, p.permissive, p.cmd, p.qual, p.with_check from pg_policies p
       where p.schemaname = 'clientele' and '${role}' = any(p.roles)`;
    const isOwn = (column: string) =>
      `p.permissive = 'PERMISSIVE' and p.cmd = 'ALL' and p.with_check is null
         and p.qual = '(${column} = (NULLIF(current_setting(''clientele.enterprise_id''::text, true), ''''::text))::bigint)'`;
    for (const role of ["clientele_service", "clientele_operator"]) {
      const unlike = `select name from (${ownedTables}) t where (
        select count(*) from (${policies(role)}) p where p.name = t.name) <> 1 or not exists (
        select from (${policies(role)}) p where p.name = t.name and ${isOwn("enterprise_id")})`;
      expect(await names(unlike), role).toEqual([]);
    }
    expect(
      await names(`select name from (${policies("clientele_service")}) p where name = 'enterprises'
        and ${isOwn("key")}`),
    ).toEqual(["enterprises"]);
  });

  test("has no policy for any other role", async () => {
    expect(
      await rows(
        `select tablename as table, cmd, roles::text[] as roles from pg_policies
         where schemaname = 'clientele' and not roles <@ '{clientele_service,clientele_operator,clientele_housekeeping}'
         order by 1`,
      ),
    ).toEqual([
      { table: "customers", cmd: "SELECT", roles: ["clientele_search"] },
      { table: "enterprises", cmd: "SELECT", roles: ["clientele_people"] },
      { table: "invitations", cmd: "SELECT", roles: ["clientele_people"] },
      { table: "members", cmd: "ALL", roles: ["clientele_people"] },
      ...ofPeople.map((table) => ({ table, cmd: "ALL", roles: ["clientele_people"] })),
    ]);
  });

  test("has one permissive policy without a subquery for a role, and none for everybody", async () => {
    const policies = `select p.polrelid::regclass::text as table, r.role::regrole::text as role,
        p.polpermissive as permissive, coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, '') as conditions
      from pg_policy p cross join unnest(p.polroles) as r(role)
      join pg_class c on c.oid = p.polrelid and c.relnamespace = 'clientele'::regnamespace`;
    expect((await rows(policies)).length).toBeGreaterThan(2 * 8);
    expect(
      await names(`select p.table || ' for ' || p.role as name from (${policies}) p
        group by 1 having count(*) > 1 or bool_or(not permissive) or bool_or(conditions like '%SUBLINK%')`),
    ).toEqual([]);
    expect(await names(`select p.table as name from (${policies}) p where p.role = '-'`)).toEqual([]);
  });

  test("starts its primary key and every unique key with the enterprise", async () => {
    expect(
      await names(`select name from (${ownedTables}) t where not exists (
      select from pg_index i where i.indrelid = t.oid and i.indisprimary)`),
    ).toEqual([]);
    expect(
      await names(`select i.indexrelid::regclass::text as name from (${ownedTables}) t
      join pg_index i on i.indrelid = t.oid
      where (i.indisunique or i.indisexclusion) and i.indkey[0] <> t.enterprise`),
    ).toEqual([]);
  });

  test("starts every foreign key with the enterprise, on both sides", async () => {
    const keys = await rows<{ name: string; from: string; to: string }>(
      `select k.conname as name, own.attname as from, other.attname as to from pg_constraint k
       join pg_attribute own on own.attrelid = k.conrelid and own.attnum = k.conkey[1]
       join pg_attribute other on other.attrelid = k.confrelid and other.attnum = k.confkey[1]
       where k.contype = 'f' and k.conrelid in (select oid from (${ownedTables}) t)
         and not (k.confrelid = 'enterprises'::regclass and other.attname = 'key')`,
    );
    expect(keys.length).toBeGreaterThan(1);
    expect(keys.filter((key) => key.from !== "enterprise_id" || key.to !== "enterprise_id")).toEqual([]);
    const toEnterprises = await names(
      `select own.attname as name from pg_constraint k
       join pg_attribute own on own.attrelid = k.conrelid and own.attnum = k.conkey[1]
       where k.contype = 'f' and k.confrelid = 'enterprises'::regclass`,
    );
    expect(new Set(toEnterprises)).toEqual(new Set(["enterprise_id"]));
  });
});

describe("the queue of imports, which belongs to the installation", () => {
  const enqueue =
    "insert into import_queue (enterprise, import) values ($1, '0123456789abcdef0123456700000000')";

  test("accepts inserts from the service, and nothing else", async () => {
    expect(
      await rows(
        `select grantee, array_agg(privilege_type::text order by privilege_type) as may
         from information_schema.table_privileges
         where table_schema = 'clientele' and table_name = 'import_queue' and grantee in (${quoted})
         group by 1 order by 1`,
      ),
    ).toEqual([
      { grantee: "clientele_operator", may: ["DELETE", "INSERT", "SELECT", "UPDATE"] },
      { grantee: "clientele_service", may: ["INSERT"] },
    ]);
    for (const statement of [
      "select from import_queue",
      "update import_queue set holder = null",
      "delete from import_queue",
    ])
      await expect(driverOf(registry.database.service).query(statement), statement).rejects.toMatchObject({
        code: "42501",
      });
  });

  test("lets the service delete imports of the entered enterprise only", async () => {
    const [own, other] = [(await registry.client()).enterpriseId, (await registry.client()).enterpriseId];
    for (const [entered, named, isTaken] of [
      ["", own, false],
      [other, own, false],
      [own, own, true],
    ] as const) {
      const client = await driverOf(registry.database.service).connect();
      try {
        await client.query("begin");
        await client.query("select set_config('clientele.enterprise_id', $1, true)", [keyOf(entered)]);
        const inserted = client.query(enqueue, [keyOf(named)]).then(
          () => true,
          (error: { code: string }) => error.code !== "42501",
        );
        expect(await inserted, `entered ${entered}`).toBe(isTaken);
        await client.query("rollback");
      } finally {
        client.release();
      }
    }
  });
});

describe("the role for sign-in", () => {
  const privileges = (grantee: string) => `
    select table_name || coalesce('.' || column_name, '') as name, array_agg(privilege_type::text order by privilege_type) as may
    from (
      select table_name, null as column_name, privilege_type from information_schema.table_privileges
        where grantee = '${grantee}' and table_schema = 'clientele'
      union all
      select c.table_name, c.column_name, c.privilege_type from information_schema.column_privileges c
        where c.grantee = '${grantee}' and not exists (select from information_schema.table_privileges t
          where t.grantee = c.grantee and t.table_name = c.table_name and t.privilege_type = c.privilege_type)
    ) granted group by 1 order by 1`;

  test("accesses the tables of people, and reads their memberships", async () => {
    expect(await rows(privileges("clientele_people"))).toEqual([
      { name: "enterprises.id", may: ["SELECT"] },
      { name: "enterprises.key", may: ["SELECT"] },
      { name: "enterprises.name", may: ["SELECT"] },
      { name: "invitations", may: ["SELECT"] },
      { name: "members", may: ["SELECT"] },
      ...["email", "locale", "name"].map((column) => ({ name: `members.${column}`, may: ["UPDATE"] })),
      ...ofPeople.map((name) => ({ name, may: ["DELETE", "INSERT", "SELECT", "UPDATE"] })),
    ]);
  });

  test("is the only role that accesses credentials", async () => {
    const reached = async (role: string) =>
      (await rows<{ name: string }>(privileges(role)))
        .filter(({ name }) => name.startsWith("people"))
        .map(({ name }) => name);
    const sessions = ["people_sessions.expires_at", "people_sessions.id", "people_sessions.person_id"];
    expect(await reached("clientele_service")).toEqual(sessions);
    expect(await reached("clientele_operator")).toEqual([]);
  });
});

describe("the role for periodic jobs", () => {
  const granted = [
    { name: "apps", columns: ["enterprise_id", "id", "last_used_at"], privilege: "SELECT" },
    { name: "apps", columns: ["last_used_at"], privilege: "UPDATE" },
    {
      name: "customer_imports",
      columns: ["created_at", "enterprise_id", "file_id", "id", "phase", "plan_id", "undoes_id"],
      privilege: "SELECT",
    },
    { name: "enterprises", columns: ["id", "key"], privilege: "SELECT" },
    {
      name: "idempotency_keys",
      columns: ["caller_id", "created_at", "enterprise_id", "key"],
      privilege: "SELECT",
    },
    { name: "idempotency_keys", columns: null, privilege: "DELETE" },
    { name: "import_files", columns: ["created_at", "enterprise_id", "id"], privilege: "SELECT" },
    { name: "positions", columns: ["at", "enterprise_id", "number", "settled_until"], privilege: "SELECT" },
    { name: "positions", columns: ["settled_at", "settled_until"], privilege: "UPDATE" },
    { name: "usage", columns: null, privilege: "INSERT" },
    { name: "usage", columns: null, privilege: "SELECT" },
    { name: "usage", columns: ["failed", "refused", "requests"], privilege: "UPDATE" },
    {
      name: "webhook_deliveries",
      columns: ["created_at", "enterprise_id", "id", "status", "webhook_id"],
      privilege: "SELECT",
    },
    { name: "webhook_deliveries", columns: null, privilege: "DELETE" },
    {
      name: "webhook_queue",
      columns: ["due_at", "enterprise", "journal_number", "webhook"],
      privilege: "SELECT",
    },
    { name: "webhook_queue", columns: ["due_at", "journal_number"], privilege: "UPDATE" },
  ];

  test("writes usage, deletes expired rows, makes endpoints due, and reads ids and times only", async () => {
    expect(
      await rows(
        `select table_name as name, null as columns, privilege_type as privilege
         from information_schema.table_privileges
         where grantee = 'clientele_housekeeping' and table_schema = 'clientele'
         union all
         select c.table_name, array_agg(c.column_name::text order by c.column_name), c.privilege_type
         from information_schema.column_privileges c
         where c.grantee = 'clientele_housekeeping' and not exists (
           select from information_schema.table_privileges t where t.grantee = c.grantee
             and t.table_name = c.table_name and t.privilege_type = c.privilege_type)
         group by 1, 3 order by 1, 3, 2 nulls last`,
      ),
    ).toEqual([...granted].sort((one, other) => (key(one) < key(other) ? -1 : 1)));
  });

  test("is refused everything else", async () => {
    const { enterpriseId } = await registry.client();
    const housekeeping = driverOf(registry.database.housekeeping);
    const privileges = "select, insert, update, delete";
    const others = (await names(`select name from (${tables}) t`)).filter(
      (name) => !granted.some((table) => table.name === name),
    );
    expect(others.length).toBeGreaterThan(20);
    for (const table of others) {
      const [may] = await rows(
        `select has_table_privilege('clientele_housekeeping', '${table}', '${privileges}')
           or has_any_column_privilege('clientele_housekeeping', '${table}', 'select, insert, update') as may`,
      );
      expect(may, table).toEqual({ may: false });
    }
    for (const statement of [
      "select name from enterprises",
      "select secret_hash from apps",
      "update apps set secret_hash = ''",
      "delete from apps",
      "select body from idempotency_keys",
      "update idempotency_keys set created_at = now()",
      "delete from usage",
      "update usage set caller_id = null",
      "select body from webhook_deliveries",
      "delete from customer_imports",
      "update positions set number = 0",
      "delete from webhook_queue",
      "select values from customers",
      "select keep_changes(null)",
    ])
      await expect(housekeeping.query(statement), statement).rejects.toMatchObject({ code: "42501" });
    const seen = await housekeeping.query("select id from enterprises where id = $1", [uuidOf(enterpriseId)]);
    expect(seen.rows).toHaveLength(1);
  });
});

describe("the roles of the service", () => {
  test("have no privileges of their own", async () => {
    expect(
      await rows(
        `select rolname from pg_roles where rolname in (${quoted})
           and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin)`,
      ),
    ).toEqual([]);
    expect(await names(`select rolname as name from pg_roles where rolname in (${quoted})`)).toHaveLength(5);
  });

  test("are members of no role, so that none can become another", async () => {
    expect(
      await names(
        `select m.member::regrole || ' in ' || m.roleid::regrole as name from pg_auth_members m
         where m.member::regrole::text in (${quoted})`,
      ),
    ).toEqual([]);
  });

  test("own nothing but the view of the search", async () => {
    const owned = `
      select relname as name, relowner as owner from pg_class
      union all select proname, proowner from pg_proc
      union all select nspname, nspowner from pg_namespace
      union all select typname, typowner from pg_type
      union all select datname, datdba from pg_database`;
    expect(
      await names(
        `select distinct o.name from (${owned}) o where o.owner::regrole::text in (${quoted}) order by 1`,
      ),
    ).toEqual(["_customer_search", "customer_search"]);
  });

  test("may create nothing in the schema", async () => {
    expect(
      await names(
        `select r.name from unnest(array[${quoted}]) r(name) where has_schema_privilege(r.name, 'clientele', 'create')`,
      ),
    ).toEqual([]);
  });

  test("cannot truncate a table or create a trigger on it", async () => {
    expect(
      await rows(
        `select grantee, table_name, privilege_type from information_schema.table_privileges
         where table_schema = 'clientele' and (grantee = 'PUBLIC' or (grantee in (${quoted})
           and privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')))`,
      ),
    ).toEqual([]);
  });

  test("access the journal's partitions only through the journal", async () => {
    const months = await names(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'changes'::regclass",
    );
    expect(months.length).toBeGreaterThan(3);
    for (const role of plainRoles) {
      const reached = `select t.name from unnest(array[${months.map((name) => `'${name}'`)}]) as t(name)
        where has_table_privilege('${role}', t.name, 'select,insert,update,delete,truncate')`;
      expect(await names(reached), role).toEqual([]);
    }
  });

  test("cannot change or delete journal entries", async () => {
    for (const privilege of ["update", "delete", "truncate"]) {
      const [may] = await rows(`select has_table_privilege('clientele_service', 'changes', '${privilege}')
        or ('${privilege}' = 'update' and has_any_column_privilege('clientele_service', 'changes', 'update')) as may`);
      expect(may, privilege).toEqual({ may: false });
    }
  });
});

describe("the search", () => {
  test("is a view that only the service reads; its own condition shows the entered enterprise only", async () => {
    expect(
      await rows(
        `select distinct grantee, privilege_type as privilege from information_schema.table_privileges
         where table_name = 'customer_search' and grantee <> 'clientele_search'`,
      ),
    ).toEqual([{ grantee: "clientele_service", privilege: "SELECT" }]);
    const [view] = await rows<{ definition: string }>(
      "select pg_get_viewdef('customer_search'::regclass) as definition",
    );
    expect(view!.definition).toMatch(
      /WHERE .*enterprise_id.* = .*current_setting\('clientele.enterprise_id'/s,
    );
  });

  test("and the journal's retention are all that runs with the rights of another role", async () => {
    expect(
      await rows(
        `select p.proname as name, p.proowner::regrole::text as owner, p.proconfig as settings,
           (select array_agg(g.grantee::regrole::text order by 1) from aclexplode(p.proacl) g
            where g.grantee <> p.proowner) as callers,
           exists (select from aclexplode(p.proacl) g where g.grantee = 0) as public
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
      ),
    ).toEqual(
      [
        // Creates future partitions of the journal and drops expired ones.
        { name: "keep_changes", owner: expect.any(String), callers: ["clientele_operator"] },
      ].map((setting) => ({ ...setting, settings: ["search_path=clientele, pg_temp"], public: false })),
    );
  });

  test("reads the columns of customers that it needs, and nothing else", async () => {
    expect(
      await rows(
        `select table_name as table, privilege_type as privilege, array_agg(column_name::text order by column_name) as columns
         from information_schema.column_privileges
         where grantee = 'clientele_search' and table_name <> 'customer_search' group by 1, 2`,
      ),
    ).toEqual([
      {
        table: "customers",
        privilege: "SELECT",
        columns: [
          "booker_id",
          "company_name_key",
          "email_key",
          "enterprise_id",
          "external_id",
          "first_name_key",
          "id",
          "last_name_key",
          "search",
          "tag_ids",
          "values",
        ],
      },
    ]);
  });
});

test("every other view, if there is one, reads with the rights of the caller", async () => {
  expect(
    await names(
      `select relname as name from pg_class where relkind in ('v', 'm') and relnamespace = 'clientele'::regnamespace
       and relname <> 'customer_search' and not coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}'`,
    ),
  ).toEqual([]);
});

describe("a connection that has entered no enterprise", () => {
  let ownTables: string[];
  let enterpriseId: string;
  beforeAll(async () => {
    ({ enterpriseId } = await registry.client());
    // Partitions of the journal are accessible through the journal only.
    ownTables = await names(
      `select name from (${ownedTables}) t where not exists (select from pg_inherits where inhrelid = t.oid)`,
    );
  });
  afterAll(() => {
    expect(ownTables.length).toBeGreaterThan(8);
  });

  test("finds every table empty", async () => {
    for (const pool of [registry.database.service, registry.database.operator]) {
      for (const table of ownTables)
        expect((await driverOf(pool).query(`select from ${table}`)).rowCount, table).toBe(0);
    }
    expect((await driverOf(registry.database.service).query("select from enterprises")).rowCount).toBe(0);
  });

  test("finds every table empty when the enterprise is an empty text", async () => {
    const client = await driverOf(registry.database.service).connect();
    try {
      await client.query("begin");
      await client.query("select set_config('clientele.enterprise_id', '', true)");
      for (const table of [...ownTables, "enterprises"])
        expect((await client.query(`select from ${table}`)).rowCount, table).toBe(0);
    } finally {
      await client.query("rollback");
      client.release();
    }
  });

  test("writes nothing into an enterprise, and a connection that has entered another one does not either", async () => {
    const other = (await registry.client()).enterpriseId;
    for (const entered of ["", other]) {
      const client = await driverOf(registry.database.service).connect();
      try {
        await client.query("begin");
        await client.query("select set_config('clientele.enterprise_id', $1, true)", [keyOf(entered)]);
        const insert = client.query(
          "insert into tags (enterprise_id, id, name, created_at, updated_at) values ($1, $2, 'x', now(), now())",
          [keyOf(enterpriseId), uuidOf(newIdAt(new Date()))],
        );
        await expect(insert).rejects.toMatchObject({ code: "42501" });
        await client.query("rollback");
        await client.query("begin");
        await client.query("select set_config('clientele.enterprise_id', $1, true)", [keyOf(entered)]);
        const update = "update custom_fields set label = 'x' where enterprise_id = $1";
        expect((await client.query(update, [keyOf(enterpriseId)])).rowCount).toBe(0);
        const steal = "update categories set enterprise_id = $1 where enterprise_id = $2";
        if (entered !== "") {
          await expect(client.query(steal, [keyOf(enterpriseId), keyOf(entered)])).rejects.toMatchObject({
            code: "42501",
          });
        }
        await client.query("rollback");
      } finally {
        client.release();
      }
    }
  });
});
