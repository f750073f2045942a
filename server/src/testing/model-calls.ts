import type { OperationId } from "@clientele/contract";
import type { Customer, Expected, Field, Model, WrittenCustomer } from "./model.ts";
import type { Answer } from "./start-app.ts";

/** One call of a sequence: what is sent, and what the model makes of it once the answer is there. */
export type ModelCall = {
  operation: OperationId;
  method: string;
  path: string;
  body?: unknown;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** Of the answer, the part that the model speaks of. */
  seen?(data: Answer["body"]): unknown;
  expect(answer: Answer): Expected;
  /** Which customer's ETag the answer has. */
  tagged?: Customer;
};

export class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  /** mulberry32 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  below = (count: number): number => Math.floor(this.next() * count);
  chance = (of: number): boolean => this.next() < of;
  of = <T>(items: readonly T[]): T => items[this.below(items.length)]!;
}

export const customersPath = "/v1/enterprise-customers";
const fieldsPath = `${customersPath}/customfields`;
const categoriesPath = `${fieldsPath}/categories`;
const tagsPath = "/v1/customer-tags";
const missingId = "0123456789abcdef01234567";

const externalIds = ["E1", "E2", "E3", "E4", " E5 ", "a/b?c", "import"];
const names = ["Anna", "änne", "Zoë", "ZOE", "9lives", "Émile", "O'Neil-Smith", ""];
const labels = ["Badge", "Level", "Note", "First name"];
const tagNames = ["VIP", "vip", "Regular", "New"];
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

/** Written values: now and then two of one field, one of no field, one that does not fit. */
function writtenFields(model: Model, random: Random): { id: string; value: string | null }[] {
  const own = model.fields.filter((it) => it.defaultId === "" || it.isUnique || it.isMandatory);
  return Array.from({ length: random.below(4) }, () => {
    const field = random.of(own.length > 0 && random.chance(0.5) ? own : model.fields);
    const pool = field.defaultId.endsWith("Name") ? names : values[field.type]!;
    const id = random.chance(0.03)
      ? missingId
      : field.defaultId !== "" && random.chance(0.5)
        ? field.defaultId
        : field.id;
    return { id, value: random.chance(0.05) ? null : random.of(pool) };
  });
}

function writtenCustomer(model: Model, random: Random): WrittenCustomer {
  const tagIds = [...model.tags.map(({ id }) => id), ...(random.chance(0.1) ? [missingId] : [])];
  return {
    ...(random.chance(0.8) ? { customfields: writtenFields(model, random) } : {}),
    ...(random.chance(0.4) ? { external_id: random.chance(0.1) ? null : random.of(externalIds) } : {}),
    ...(random.chance(0.3) ? { tag_ids: tagIds.filter(() => random.chance(0.5)) } : {}),
    ...(random.chance(0.2) ? { booker_id: random.of(["B1", "B2", null]) } : {}),
    ...(random.chance(0.6) ? { ignore_mandatory_validation: random.of(["1", "true", 1, true]) } : {}),
  };
}

type Target = { path: string; query: Record<string, string>; customer: Customer | undefined };

/** A customer by our id or by the caller's; or one that is gone, of another kind, or never was. */
function target(model: Model, random: Random): Target {
  const customer = model.customers.length > 0 && random.chance(0.9) ? random.of(model.customers) : undefined;
  if (customer && customer.externalId !== "" && random.chance(0.4)) {
    const query = { external: random.of(["1", "true"]) };
    return { path: `${customersPath}/${encodeURIComponent(customer.externalId)}`, query, customer };
  }
  const others = [...model.gone.keys(), model.fields[0]!.id, missingId];
  const id = customer?.id ?? random.of(others);
  return { path: `${customersPath}/${id}`, query: {}, customer };
}

const idIn = ({ body }: Answer): string => body?.data?.id ?? "";

type Maker = (
  model: Model,
  random: Random,
  etags: ReadonlyMap<string, string>,
) => Omit<ModelCall, "operation">;

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

const definition = <T extends { id: string }>(
  random: Random,
  all: readonly T[],
): { one: T | undefined; id: string } => {
  const one = all.length > 0 && random.chance(0.92) ? random.of(all) : undefined;
  return { one, id: one?.id ?? missingId };
};

const seenField = ({ id, label, type, isUnique, isMandatory, isSearchable, categoryId }: Field) => ({
  id,
  label,
  type,
  isUnique,
  isMandatory,
  isSearchable,
  categoryId,
});
const seenNamed = ({ id, name }: { id: string; name: string }) => ({ id, name });

export const makers: Partial<Record<OperationId, { weight: number; make: Maker }>> = {
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
      const sorts = [
        "firstName",
        "lastName",
        "fullName",
        "email",
        "companyName",
        "externalId",
        "createdAt",
        "updatedAt",
        "totalBookings",
      ];
      const paging = random.chance(0.5)
        ? { limit: String(1 + random.below(4)), page: String(1 + random.below(3)) }
        : {};
      const query: Record<string, string> = {
        ...Object.assign({}, ...filters.filter(() => random.chance(0.15)).map((filter) => filter())),
        ...(random.chance(0.7) ? { sort: random.of(sorts) } : {}),
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
          const [fault] = Object.keys(wrong);
          if (fault) return model.refuse(code as "SORT_UNKNOWN", [fault.replace("filter[x]", "filter.x")]);
          const found = model.list(query);
          const limit = Number(query["limit"] ?? 10_000);
          const from = (Number(query["page"] ?? 1) - 1) * limit;
          const data = found.slice(from, from + limit).map((it) => model.render(it));
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
              // Several mandatory fields may be missing at the one place.
              const told = (faults: { path: string; code: string }[]) =>
                [...new Set(faults.map((it) => `${it.path} ${it.code}`))].sort();
              return { outcome, id, matchedBy, errors: told(errors!), warnings: told(warnings!) };
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
          const history = customer?.history ?? model.gone.get(path.split("/").at(-1)!);
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
  createCustomField: {
    weight: 3,
    make(model, random) {
      const label = random.of(labels);
      const type = random.of(["TEXT", "NUMBER", "EMAIL", "MULTI_SELECT"]);
      const category = definition(random, model.categories);
      const isUnique = type !== "MULTI_SELECT" && random.chance(0.5);
      const facts = { isUnique, isMandatory: random.chance(0.2), isSearchable: random.chance(0.5) };
      const body = {
        ...{
          label,
          type,
          is_unique: isUnique,
          is_mandatory: facts.isMandatory,
          is_searchable: facts.isSearchable,
        },
        ...(random.chance(0.5) ? { category_id: category.id } : {}),
        ...(type === "MULTI_SELECT" ? { select_options: ["one", "two"] } : {}),
      };
      return {
        ...{ method: "POST", path: fieldsPath, body, seen: seenField },
        expect(answer) {
          if (body.category_id && !category.one) return model.refuse("CATEGORY_UNKNOWN", ["category_id"]);
          if (model.fields.some((it) => it.label === label)) return model.refuse("NAME_TAKEN", ["label"]);
          model.definitions += 1;
          const categoryId = body.category_id ?? model.categories.find((it) => it.isDefault)!.id;
          const { orderIndex = 0 } = answer.body?.data ?? {};
          const field = {
            id: idIn(answer),
            defaultId: "",
            externalId: "",
            type,
            label,
            categoryId,
            orderIndex,
            options: ["one", "two"],
            ...facts,
          };
          model.fields.push(field);
          return { status: 201, data: seenField(field) };
        },
      };
    },
  },
  updateCustomField: {
    weight: 4,
    make(model, random) {
      const { one: field, id } = definition(
        random,
        model.fields.filter((it) => it.defaultId === "" || it.type === "TEXT"),
      );
      const change = {
        ...(random.chance(0.4) ? { label: random.of(labels) } : {}),
        ...(random.chance(0.4) ? { isMandatory: random.chance(0.5) } : {}),
        ...(random.chance(0.4) && field?.type !== "MULTI_SELECT" ? { isUnique: random.chance(0.7) } : {}),
        ...(random.chance(0.2) ? { isSearchable: random.chance(0.5) } : {}),
      };
      const retyped = field?.defaultId && random.chance(0.1) ? { type: "NUMBER" } : {};
      const { label, isMandatory, isUnique, isSearchable } = change;
      const body = JSON.parse(
        JSON.stringify({
          label,
          is_mandatory: isMandatory,
          is_unique: isUnique,
          is_searchable: isSearchable,
          ...retyped,
        }),
      );
      return {
        ...{ method: "PATCH", path: `${fieldsPath}/${id}`, body, seen: seenField },
        expect() {
          if (!field) return model.refuse("FIELD_NOT_FOUND");
          if ("type" in retyped) return model.refuse("FIELD_PROTECTED", ["type"]);
          if (model.fields.some((it) => it !== field && it.label === label))
            return model.refuse("NAME_TAKEN", ["label"]);
          const broken = model.breaks(field, change);
          if (broken) return model.refuse("FIELD_RULE_BROKEN", [broken]);
          model.definitions += 1;
          return { status: 200, data: seenField(Object.assign(field, change)) };
        },
      };
    },
  },
  deleteCustomField: {
    weight: 2,
    make(model, random) {
      const own = model.fields.filter((it) => it.defaultId === "");
      const { one: field, id } = definition(random, random.chance(0.2) ? model.fields : own);
      return {
        ...{ method: "DELETE", path: `${fieldsPath}/${id}` },
        expect() {
          if (!field) return model.refuse("FIELD_NOT_FOUND");
          if (field.defaultId !== "") return model.refuse("FIELD_PROTECTED");
          model.definitions += 1;
          model.dropField(field);
          return { status: 200, data: { id } };
        },
      };
    },
  },
  fetchCustomField: {
    weight: 2,
    make(model, random) {
      const { one: field, id } = definition(random, model.fields);
      const name = field?.defaultId && random.chance(0.5) ? field.defaultId : id;
      const expect = (): Expected =>
        field ? { status: 200, data: seenField(field) } : model.refuse("FIELD_NOT_FOUND");
      return { method: "GET", path: `${fieldsPath}/${name}`, seen: seenField, expect };
    },
  },
  listCustomFields: {
    weight: 2,
    make(model, random) {
      const { id: category } = definition(random, model.categories);
      const query: Record<string, string> = random.chance(0.5) ? { category_id: category } : {};
      return {
        ...{ method: "GET", path: fieldsPath, query, seen: (fields) => fields.map(seenField) },
        expect() {
          const data = model.order().filter((it) => !query["category_id"] || it.categoryId === category);
          return { status: 200, data: data.map(seenField), total: data.length };
        },
      };
    },
  },
  createCategory: {
    weight: 2,
    make(model, random) {
      const name = random.of(labels);
      return {
        ...{ method: "POST", path: categoriesPath, body: { name }, seen: seenNamed },
        expect(answer) {
          if (model.categories.some((it) => it.name === name)) return model.refuse("NAME_TAKEN", ["name"]);
          model.definitions += 1;
          const category = {
            id: idIn(answer),
            name,
            orderIndex: answer.body?.data?.orderIndex,
            isDefault: false,
          };
          model.categories.push(category);
          return { status: 201, data: seenNamed(category) };
        },
      };
    },
  },
  updateCategory: {
    weight: 2,
    make(model, random) {
      const { one: category, id } = definition(random, model.categories);
      const body = {
        name: random.of(labels),
        ...(random.chance(0.3) ? { order_index: random.below(4) } : {}),
      };
      return {
        ...{ method: "PATCH", path: `${categoriesPath}/${id}`, body, seen: seenNamed },
        expect() {
          if (!category) return model.refuse("CATEGORY_NOT_FOUND");
          if (model.categories.some((it) => it !== category && it.name === body.name))
            return model.refuse("NAME_TAKEN", ["name"]);
          model.definitions += 1;
          category.name = body.name;
          category.orderIndex = body.order_index ?? category.orderIndex;
          return { status: 200, data: seenNamed(category) };
        },
      };
    },
  },
  deleteCategory: {
    weight: 1,
    make(model, random) {
      const { one: category, id } = definition(random, model.categories);
      return {
        ...{ method: "DELETE", path: `${categoriesPath}/${id}` },
        expect() {
          if (!category) return model.refuse("CATEGORY_NOT_FOUND");
          if (category.isDefault) return model.refuse("CATEGORY_PROTECTED");
          model.definitions += 1;
          model.dropCategory(category);
          return { status: 200, data: { id } };
        },
      };
    },
  },
  fetchCategory: {
    weight: 1,
    make(model, random) {
      const { one: category, id } = definition(random, model.categories);
      const expect = (): Expected =>
        category ? { status: 200, data: seenNamed(category) } : model.refuse("CATEGORY_NOT_FOUND");
      return { method: "GET", path: `${categoriesPath}/${id}`, seen: seenNamed, expect };
    },
  },
  listCategories: {
    weight: 1,
    make: (model) => ({
      ...{ method: "GET", path: categoriesPath, seen: (all) => all.map(seenNamed) },
      expect: () => ({
        status: 200,
        data: model.categoriesInOrder().map(seenNamed),
        total: model.categories.length,
      }),
    }),
  },
  createTag: {
    weight: 3,
    make(model, random) {
      const name = random.of(tagNames);
      return {
        ...{ method: "POST", path: tagsPath, body: { name }, seen: seenNamed },
        expect(answer) {
          if (model.tagNamed(name)) return model.refuse("NAME_TAKEN", ["name"]);
          model.definitions += 1;
          const tag = { id: idIn(answer), name };
          model.tags.push(tag);
          return { status: 201, data: tag };
        },
      };
    },
  },
  renameTag: {
    weight: 2,
    make(model, random) {
      const { one: tag, id } = definition(random, model.tags);
      const name = random.of(tagNames);
      return {
        ...{ method: "PATCH", path: `${tagsPath}/${id}`, body: { name }, seen: seenNamed },
        expect() {
          if (!tag) return model.refuse("TAG_NOT_FOUND");
          if ((model.tagNamed(name) ?? tag) !== tag) return model.refuse("NAME_TAKEN", ["name"]);
          model.definitions += 1;
          tag.name = name;
          return { status: 200, data: seenNamed(tag) };
        },
      };
    },
  },
  deleteTag: {
    weight: 1,
    make(model, random) {
      const { one: tag, id } = definition(random, model.tags);
      return {
        ...{ method: "DELETE", path: `${tagsPath}/${id}` },
        expect() {
          if (!tag) return model.refuse("TAG_NOT_FOUND");
          model.definitions += 1;
          model.dropTag(tag);
          return { status: 200, data: { id } };
        },
      };
    },
  },
  listTags: {
    weight: 1,
    make: (model) => ({
      ...{ method: "GET", path: tagsPath, seen: (all) => all.map(seenNamed) },
      expect: () => ({ status: 200, data: model.tagsInOrder().map(seenNamed), total: model.tags.length }),
    }),
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
