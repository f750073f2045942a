import { sortNames } from "@clientele/contract/customers";
import type { Customer, Model, WrittenCustomer } from "./model.ts";
import { customersPath, idIn, type Makers, missingId, type Random } from "./model-call.ts";
import { listed } from "./model-list.ts";
import type { Answer } from "./start-app.ts";

const externalIds = ["E1", "E2", "E3", "E4", " E5 ", "a/b?c", "import"];
const names = ["Anna", "änne", "Zoë", "ZOE", "9lives", "Émile", "O'Neil-Smith", ""];
const values: Record<string, readonly string[]> = {
  TEXT: ["red", "green", " red ", "blue", ""],
  TEXTAREA: ["some text", ""],
  EMAIL: ["a@x.example", "A@X.example", "b@x.example", "no address", ""],
  PHONE: ['{"number":"030123456","country":"DE"}', "+4930123456", "+436601234567", "123", ""],
  DATE: ["2026-01-31", "2026-02-30", "1999-12-31", ""],
  NUMBER: ["1", "-2.5", "x", ""],
  CHECKBOX: ["true", "0", "maybe", ""],
  SELECT: ["mr", "mrs", "one", "two", "neither", ""],
  MULTI_SELECT: ['["one"]', '["two","one","two"]', '["neither"]', "[]", ""],
};
const queries = [
  "an",
  "ANN",
  "zo",
  "anna zo",
  "e1",
  "e",
  "a@x",
  "x.example",
  "neil",
  "smith o",
  "+4930",
  "030123",
  "456",
  "3456",
  "red",
  "nobody",
];

/** Input values: sometimes two for one field, one without a field, one that is invalid. */
function writtenFields(model: Model, random: Random): { id: string; value: string | null }[] {
  const own = model.fields.filter((field) => field.defaultId === "" || field.isUnique || field.isMandatory);
  return Array.from({ length: random.below(4) }, () => {
    const field = random.of(own.length > 0 && random.chance(0.5) ? own : model.fields);
    const pool = field.defaultId.endsWith("Name") ? names : values[field.type]!;
    const id = random.chance(0.03)
      ? missingId
      : field.defaultId !== "" && random.chance(0.5)
        ? field.defaultId
        : field.id;
    return { id, value: random.chance(0.12) ? null : random.of(pool) };
  });
}

function writtenCustomer(model: Model, random: Random): WrittenCustomer {
  const tagIds = [...model.tags.map(({ id }) => id), ...(random.chance(0.1) ? [missingId] : [])];
  return {
    ...(random.chance(0.8) ? { customfields: writtenFields(model, random) } : {}),
    ...(random.chance(0.4) ? { external_id: random.chance(0.1) ? null : random.of(externalIds) } : {}),
    ...(random.chance(0.3) ? { tag_ids: tagIds.filter(() => random.chance(0.5)) } : {}),
    ...(random.chance(0.2) ? { booker_id: random.of(["B1", "B2", null]) } : {}),
    ...(random.chance(0.4) ? { ignore_mandatory_validation: random.of(["1", "true", 1, true]) } : {}),
  };
}

type Target = { path: string; query: Record<string, string>; customer: Customer | undefined };

/** A customer by id or external id; or one that is deleted, of another kind, or never existed. */
function target(model: Model, random: Random): Target {
  const customer = model.customers.length > 0 && random.chance(0.9) ? random.of(model.customers) : undefined;
  if (customer && customer.externalId !== "" && random.chance(0.4)) {
    const query = { external: random.of(["1", "true"]) };
    return { path: `${customersPath}/${encodeURIComponent(customer.externalId)}`, query, customer };
  }
  const others = [...model.deleted.keys(), model.fields[0]!.id, missingId];
  const id = customer?.id ?? random.of(others);
  return { path: `${customersPath}/${id}`, query: {}, customer };
}

const ifMatch = (random: Random, etag: string | undefined) => {
  const kind = random.chance(0.3) ? random.of(["current", "stale", "none of ours", "any"]) : "absent";
  const isStale = kind === "stale" || kind === "none of ours";
  const header = { current: etag, stale: '"99999.1"', "none of ours": '"x"', any: "*", absent: undefined }[
    kind
  ];
  return header === undefined
    ? { headers: {}, isStale: false }
    : { headers: { "if-match": header }, isStale };
};

/** Calls about customers, their import, history and events. */
export const customerCalls: Makers = {
  createCustomer: {
    weight: 9,
    make(model, random) {
      const row = writtenCustomer(model, random);
      if (random.chance(0.2)) row.import_customer_id = random.of(["I1", "I2", "I3"]);
      return {
        method: "POST",
        path: customersPath,
        body: row,
        expect: (answer) => model.create(row, idIn(answer)),
      };
    },
  },
  updateCustomer: {
    weight: 10,
    make(model, random, etags) {
      const { path, query, customer } = target(model, random);
      const row = writtenCustomer(model, random);
      const { headers, isStale } = ifMatch(random, etags.get(customer?.id ?? ""));
      return {
        ...{ method: "PATCH", path, query, headers, body: row },
        expect: () => model.update(customer, row, isStale),
        ...(customer ? { tagged: customer } : {}),
      };
    },
  },
  deleteCustomer: {
    weight: 3,
    make(model, random, etags) {
      const { path, query, customer } = target(model, random);
      const { headers, isStale } = ifMatch(random, etags.get(customer?.id ?? ""));
      return { method: "DELETE", path, query, headers, expect: () => model.remove(customer, isStale) };
    },
  },
  fetchCustomer: {
    weight: 6,
    make(model, random, etags) {
      const { path, query, customer } = target(model, random);
      const etag = etags.get(customer?.id ?? "");
      const isKnown = etag !== undefined && random.chance(0.3);
      return {
        ...{ method: "GET", path, query, headers: isKnown ? { "if-none-match": etag } : {} },
        expect: () =>
          !customer
            ? model.refuse("CUSTOMER_NOT_FOUND")
            : isKnown
              ? { status: 304 }
              : { status: 200, data: model.render(customer) },
        ...(customer ? { tagged: customer } : {}),
      };
    },
  },
  listCustomers: {
    weight: 12,
    make(model, random) {
      const some = (ids: string[]) =>
        [...ids, missingId].filter(() => random.chance(0.5)).join() || missingId;
      const filters: (() => Record<string, string>)[] = [
        () => ({ ids: some(model.customers.map(({ id }) => id)) }),
        () => ({ external_ids: "E1,E2,E5" }),
        () => ({ tag_ids: some(model.tags.map(({ id }) => id)) }),
        () => ({ booker_id: random.of(["B1", "B2"]) }),
        () => ({ first_name_letter: random.of(["a", "Ä", "z", "#", "e"]) }),
        () => ({ last_name_letter: random.of(["A", "#", "o"]) }),
        () => ({ q: random.of(queries) }),
        () => ({
          updated_since: model.customers.length > 0 ? random.of(model.customers).updatedAt : model.now,
        }),
        () => ({ "filter[email]": random.of(["a@x.example", "b@x.example"]) }),
      ];
      const wrong = random.chance(0.05)
        ? random.of([{ sort: "size" }, { sort_type: "up" }, { page: "0" }, { "filter[x]": "1" }])
        : {};
      const paging = random.chance(0.5)
        ? { limit: String(1 + random.below(4)), page: String(1 + random.below(3)) }
        : {};
      const query: Record<string, string> = {
        ...Object.assign({}, ...filters.filter(() => random.chance(0.15)).map((filter) => filter())),
        ...(random.chance(0.7) ? { sort: random.of(sortNames) } : {}),
        ...(random.chance(0.5) ? { sort_type: random.of(["asc", "desc"]) } : {}),
        ...paging,
        ...wrong,
      };
      const code =
        { sort: "SORT_UNKNOWN", "filter[x]": "FIELD_UNKNOWN" }[Object.keys(wrong)[0] ?? ""] ??
        "REQUEST_INVALID";
      return {
        ...{ method: "GET", path: customersPath, query },
        expect() {
          const [fieldError] = Object.keys(wrong);
          if (fieldError)
            return model.refuse(code as "SORT_UNKNOWN", [fieldError.replace("filter[x]", "filter.x")]);
          const found = listed(model, query);
          const limit = Number(query["limit"] ?? 10_000);
          const from = (Number(query["page"] ?? 1) - 1) * limit;
          const data = found.slice(from, from + limit).map((value) => model.render(value));
          return { status: 200, data, total: found.length };
        },
      };
    },
  },
  importCustomers: {
    weight: 6,
    make(model, random) {
      const rows = Array.from({ length: 1 + random.below(4) }, () => {
        const row = writtenCustomer(model, random);
        if (random.chance(0.4)) row.import_customer_id = random.of(["I1", "I2", "I3"]);
        if (random.chance(0.3))
          row.id =
            model.customers.length > 0 && random.chance(0.9) ? random.of(model.customers).id : missingId;
        return row;
      });
      const options = {
        ...(random.chance(0.5) ? { mode: random.of(["upsert", "create", "update"] as const) } : {}),
        ...(random.chance(0.2) ? { dry_run: true } : {}),
        ...(random.chance(0.3) ? { atomic: true } : {}),
      };
      return {
        ...{ method: "POST", path: `${customersPath}/import`, body: { customers: rows, ...options } },
        seen: ({ results }) =>
          results.map(
            ({
              outcome,
              id,
              matchedBy,
              errors,
              warnings,
            }: Record<string, { path: string; code: string }[]>) => {
              // Several mandatory fields may be missing at the same path.
              const codesByPath = (fieldErrors: { path: string; code: string }[]) =>
                [...new Set(fieldErrors.map((fieldError) => `${fieldError.path} ${fieldError.code}`))].sort();
              return {
                outcome,
                id,
                matchedBy,
                errors: codesByPath(errors!),
                warnings: codesByPath(warnings!),
              };
            },
          ),
        expect: ({ body }) =>
          model.import(rows, options, body?.data?.results?.map(({ id }: { id: string | null }) => id) ?? []),
      };
    },
  },
  listHistory: {
    weight: 5,
    make(model, random) {
      const { path, query, customer } = target(model, random);
      return {
        ...{ method: "GET", path: `${path}/history`, query },
        seen: (changes) => changes.map(({ kind }: { kind: string }) => kind),
        expect() {
          const history = customer?.history ?? model.deleted.get(path.split("/").at(-1)!);
          return history
            ? { status: 200, data: history, total: history.length }
            : model.refuse("CUSTOMER_NOT_FOUND");
        },
      };
    },
  },
  createEvent: {
    weight: 4,
    make(model, random) {
      const { path, query, customer } = target(model, random);
      const body = {
        start_date: `2026-0${1 + random.below(3)}-01T10:00:00Z`,
        ...(random.chance(0.5) ? { external_id: random.of(["V1", "V2"]) } : {}),
        ...(random.chance(0.4) ? { type: random.of(["booking", "visit"]) } : {}),
        ...(random.chance(0.3) ? { title: random.of(["one", "two"]) } : {}),
      };
      const expect = (answer: Answer) => model.book(customer, body, idIn(answer));
      return { method: "POST", path: `${path}/events`, query, body, seen: seenEvent, expect };
    },
  },
  listEvents: {
    weight: 3,
    make(model, random) {
      const { path, query, customer } = target(model, random);
      return {
        ...{ method: "GET", path: `${path}/events`, query },
        seen: (events) => events.map(seenEvent),
        expect() {
          if (!customer) return model.refuse("CUSTOMER_NOT_FOUND");
          const events = model.eventsOf(customer).map(model.renderEvent);
          return { status: 200, data: events, total: events.length };
        },
      };
    },
  },
};

const seenEvent = ({
  id,
  externalId,
  type,
  title,
  startDate,
  endDate,
  customers,
  createdAt,
  updatedAt,
}: Answer["body"]) => ({
  ...{ id, externalId, type, title, startDate, endDate, customers, createdAt, updatedAt },
});
