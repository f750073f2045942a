/**
 * The folders of server/src from the lowest to the highest. A file imports from its own folder and from lower ones.
 * The files at the top of server/src compose the service and may import every folder; `call.ts` and
 * `server-sent-events.ts` have a layer because folders import them.
 */
export const layers = [
  ["text", "time", "json", "logging"],
  ["ids", "validation", "process"],
  ["database"],
  ["call.ts", "keys", "jobs"],
  ["server-sent-events.ts", "journal"],
  ["http"],
  ["custom-fields"],
  ["categories"],
  ["enterprises"],
  ["companies"],
  ["apps"],
  ["people"],
  ["customers"],
  ["tags", "events", "field-changes", "tables"],
  ["exports", "imports", "views", "insight"],
  ["usage", "changes", "webhooks"],
  ["sign-in"],
  ["first-run"],
] as const satisfies readonly (readonly string[])[];

type Folder = (typeof layers)[number][number];

type Table = {
  /** The folder whose SQL reads and writes the table. */
  owner: Folder;
  /** Other folders whose SQL mentions the table, each with its reason. */
  others?: Partial<Record<Folder, string>>;
};

const session = "a session of an enterprise is authorized in the round trip of its first statement";
const statistics = "statistics aggregate over the tables of all domains, set-wise";
const author = "a change names the app or person that made it";
const definitions = "fields, categories and tags are read as one snapshot of the definitions";
const aggregate = "a customer and its bookings are one aggregate";
const restoring = "a restored customer gets the bookings of the transaction that deleted it";
const timeline = "a timeline merges events and changes in one sort";
const epochs = "a write that finds no epoch of the server's start begins one";
const queued = "an item of a queue names its enterprise by the key, and its holder needs the id";
const rewrite = "changing a field rewrites the stored values of every customer";

/** Every table of the database. A table that is missing here fails the check. */
export const tables: Readonly<Record<string, Table>> = {
  enterprises: {
    owner: "enterprises",
    others: { database: session, jobs: queued, "custom-fields": definitions },
  },
  companies: { owner: "companies", others: { database: session, insight: statistics } },
  apps: { owner: "apps", others: { database: session, journal: author } },
  categories: { owner: "categories", others: { "custom-fields": definitions } },
  custom_fields: { owner: "custom-fields" },
  deleted_fields: { owner: "custom-fields" },
  tags: { owner: "tags", others: { "custom-fields": definitions, insight: statistics } },
  customers: { owner: "customers", others: { "field-changes": rewrite, insight: statistics } },
  customer_versions: { owner: "customers" },
  unique_values: { owner: "customers", others: { "field-changes": rewrite } },
  customer_counts: { owner: "customers", others: { insight: statistics } },
  events: { owner: "events", others: { customers: aggregate, insight: statistics } },
  changes: { owner: "journal", others: { customers: restoring, events: timeline, insight: statistics } },
  positions: { owner: "journal" },
  epochs: { owner: "journal", others: { database: epochs } },
  customer_imports: { owner: "imports", others: { insight: statistics } },
  import_chunks: { owner: "imports" },
  import_files: { owner: "imports" },
  import_file_pieces: { owner: "imports" },
  import_queue: { owner: "imports" },
  planned_customers: { owner: "imports" },
  planned_unique_values: { owner: "imports" },
  customer_views: { owner: "views" },
  webhooks: { owner: "webhooks" },
  webhook_deliveries: { owner: "webhooks" },
  webhook_attempts: { owner: "webhooks" },
  webhook_queue: { owner: "webhooks" },
  usage: { owner: "usage" },
  idempotency_keys: { owner: "http" },
  signing_keys: { owner: "keys" },
  people: { owner: "people" },
  members: { owner: "people", others: { database: session, journal: author } },
  invitations: { owner: "people" },
  people_accounts: { owner: "people" },
  people_links: { owner: "people" },
  people_sessions: { owner: "people", others: { database: session } },
  people_verifications: { owner: "people" },
  clientele: { owner: "database" },
};

type Restriction = {
  /** Files that are restricted. */
  files: RegExp;
  /** What they must not import: files and package names. */
  never: RegExp;
  /** Imports that the restriction leaves out. */
  except?: RegExp;
  reason: string;
};

/** Restrictions beside the layers. Tests and `testing/` folders are free of them. */
export const restrictions: readonly Restriction[] = [
  {
    files: /^contract\//,
    never: /./,
    except: /^(typebox|contract\/)/,
    reason: "the contract imports typebox and itself",
  },
  {
    files: /^packages\//,
    never: /^(@clientele\/|contract\/|server\/|sdk\/|cli\/|console\/)/,
    reason: "a package knows nothing of customers",
  },
  {
    files: /^sdk\//,
    never: /^(node:|@clientele\/(?!contract)|clientele$|server\/|cli\/|console\/)/,
    reason: "the SDK imports the contract and runs in browsers",
  },
  {
    files: /^cli\//,
    never: /^(@clientele\/server\/|server\/)/,
    reason: "commands use the server's public interface",
  },
  {
    files: /^console\/src\//,
    never: /^(node:|@clientele\/server|server\/)/,
    reason: "the console imports the SDK and the contract and runs in browsers",
  },
  {
    files: /^server\/(?!src\/database\/)/,
    never: /^pg(-cursor)?$/,
    reason: "only database/ imports the driver",
  },
  {
    files: /^server\/src\/[^/]+\/(.*\/)?(store|[\w-]+-store)\.ts$/,
    never: /^(fastify|server\/src\/(http|jobs)\/|.*\/operations\.ts$)/,
    reason: "a store knows the session, the contract and SQL fragments of lower domains",
  },
  {
    files: /^server\/src\/(?!main\.ts|service\.ts|worker\.ts|app\.ts|index\.ts|config\.ts)/,
    never: /^(node:process|server\/src\/(config|app|service|worker|main)\.ts)$/,
    reason: "settings are passed in; only the files at the top read the environment",
  },
  {
    files: /^server\/src\/(?!http\/|sign-in\/)[^/]+\//,
    never: /^fastify$/,
    reason: "only http/ and sign-in/ know the HTTP server",
  },
];

/** Folders that may use another folder's store, `from to`: changing a field rewrites stored customers. */
export const storesShared: ReadonlySet<string> = new Set(["field-changes customers"]);
