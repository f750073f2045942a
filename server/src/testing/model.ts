import { type ErrorCode, errors } from "@clientele/contract/errors";
import { compare, type Field, keyOf, readValue } from "./model-values.ts";

export type { Field };

// A model of the contract with plain arrays and no database, independent of the service's code.

export type Category = { id: string; name: string; orderIndex: number; isDefault: boolean };
export type Tag = { id: string; name: string };
export type Event = {
  id: string;
  externalId: string;
  customerId: string | null;
  type: string;
  title: string;
  start: string;
  createdAt: string;
  updatedAt: string;
};
export type Customer = {
  id: string;
  externalId: string;
  importId: string;
  bookerId: string;
  tagIds: string[];
  values: Record<string, string>;
  bookings: number;
  version: number;
  createdAt: string;
  updatedAt: string;
  history: string[];
};

export type WrittenCustomer = {
  id?: string;
  external_id?: string | null;
  import_customer_id?: string;
  booker_id?: string | null;
  tag_ids?: string[];
  customfields?: { id: string; value: string | null }[];
  ignore_mandatory_validation?: unknown;
};
export type ImportOptions = { mode?: "upsert" | "create" | "update"; dry_run?: boolean; atomic?: boolean };

type FieldErrors = Map<string, ErrorCode>;
/** The expected response. `paths` are those of all errors. */
export type Expected = { status: number; code?: ErrorCode; paths?: string[]; data?: unknown; total?: number };

const refusal = (code: ErrorCode, paths: string[] = []): Expected => ({
  status: errors[code][0],
  code,
  paths,
});

/** contract/errors.ts: the code that the errors share, 400 when some of them are not conflicts. */
function refusalOf(fieldErrors: FieldErrors): Expected {
  const codes = [...new Set(fieldErrors.values())];
  const [first] = codes as [ErrorCode];
  const agree = codes.length === 1 || codes.every((code) => errors[code][0] === 409);
  return refusal(agree ? first : "REQUEST_INVALID", [...fieldErrors.keys()]);
}

export class Model {
  fields: Field[] = [];
  categories: Category[] = [];
  tags: Tag[] = [];
  customers: Customer[] = [];
  events: Event[] = [];
  deleted = new Map<string, string[]>();
  /** Increases whenever a field, category or tag may have changed: earlier ETags are unknown then. */
  definitions = 0;
  now = "";

  byField = (name: string) => this.fields.find((field) => field.id === name || field.defaultId === name);
  customer = (name: string, external = false) =>
    this.customers.find((customer) =>
      external ? customer.externalId !== "" && customer.externalId === name : customer.id === name,
    );

  /** The customer that a write results in, among these, and all errors. */
  private after(row: WrittenCustomer, before: Customer | undefined, among: Customer[], ignore: boolean) {
    const fieldErrors: FieldErrors = new Map();
    const blank = {
      id: "",
      externalId: "",
      importId: "",
      bookerId: "",
      tagIds: [],
      values: {},
      bookings: 0,
      version: 0,
      createdAt: "",
      updatedAt: "",
      history: [],
    };
    const after: Customer = structuredClone(before ?? blank);
    const addError = (path: string, code: ErrorCode) => fieldErrors.has(path) || fieldErrors.set(path, code);
    const named = new Map<string, string>();
    const others = among.filter((other) => other.id !== before?.id);

    for (const [index, { id, value }] of (row.customfields ?? []).entries()) {
      const field = this.byField(id);
      if (!field) addError(`customfields.${index}.id`, "FIELD_UNKNOWN");
      else if (named.has(field.id)) addError(`customfields.${index}.id`, "REQUEST_INVALID");
      else {
        const path = `customfields.${index}.value`;
        named.set(field.id, path);
        const read = readValue(field, value);
        if (read === undefined) addError(path, "FIELD_VALUE_INVALID");
        else if (read !== null) after.values[field.id] = read;
        else {
          delete after.values[field.id];
          if (before && field.isMandatory && !ignore) addError(path, "FIELD_MANDATORY");
        }
      }
    }
    for (const [index, id] of (row.tag_ids ?? []).entries()) {
      if (!this.tags.some((tag) => tag.id === id)) addError(`tag_ids.${index}`, "TAG_UNKNOWN");
    }
    if (row.tag_ids) after.tagIds = [...new Set(row.tag_ids)].sort();
    if (row.booker_id !== undefined) after.bookerId = row.booker_id ?? "";
    if (row.import_customer_id !== undefined) after.importId = row.import_customer_id;
    if (row.external_id !== undefined) after.externalId = (row.external_id ?? "").trim();
    if (["import", "customfields", ".."].includes(after.externalId))
      addError("external_id", "EXTERNAL_ID_INVALID");

    if (!before && !ignore) {
      for (const field of this.fields.filter(
        (field) => field.isMandatory && after.values[field.id] === undefined,
      )) {
        addError(named.get(field.id) ?? "customfields", "FIELD_MANDATORY");
      }
    }
    if (after.externalId !== "" && others.some((other) => other.externalId === after.externalId))
      addError("external_id", "EXTERNAL_ID_TAKEN");
    if (after.importId !== "" && others.some((other) => other.importId === after.importId))
      addError("import_customer_id", "IMPORT_ID_TAKEN");
    for (const [fieldId, path] of named) {
      const field = this.byField(fieldId)!;
      const key = keyOf(field, after.values[fieldId]);
      if (!field.isUnique || key === undefined || field.type === "MULTI_SELECT") continue;
      if (others.some((other) => keyOf(field, other.values[fieldId]) === key))
        addError(path, "FIELD_VALUE_TAKEN");
    }
    return { after, fieldErrors };
  }

  private isSame = (one: Customer, other: Customer): boolean => {
    const facts = ({ externalId, importId, bookerId, tagIds, values }: Customer) =>
      JSON.stringify([externalId, importId, bookerId, tagIds, Object.entries(values).sort()]);
    return facts(one) === facts(other);
  };
  private touch(customer: Customer, kind = "updated"): void {
    customer.version += 1;
    customer.updatedAt = this.now;
    customer.history.unshift(kind);
  }
  private add(customer: Customer, id: string): void {
    Object.assign(customer, { id, createdAt: this.now });
    this.touch(customer, "created");
    this.customers.push(customer);
  }

  create(row: WrittenCustomer, newId: string): Expected {
    const { after, fieldErrors } = this.after(row, undefined, this.customers, this.ignores(row));
    if (fieldErrors.size > 0) return refusalOf(fieldErrors);
    this.add(after, newId);
    return { status: 201, data: this.render(after) };
  }

  private ignores = (row: { ignore_mandatory_validation?: unknown }): boolean =>
    ["1", 1, true, "true"].includes(row.ignore_mandatory_validation as string);

  /** `isStale`: `If-Match` names another version. */
  update(before: Customer | undefined, row: WrittenCustomer, isStale: boolean): Expected {
    if (!before) return refusal("CUSTOMER_NOT_FOUND");
    if (isStale) return refusal("VERSION_MISMATCH");
    const { after, fieldErrors } = this.after(row, before, this.customers, this.ignores(row));
    if (fieldErrors.size > 0) return refusalOf(fieldErrors);
    if (!this.isSame(before, after)) {
      Object.assign(before, after);
      this.touch(before);
    }
    return { status: 200, data: this.render(before) };
  }

  remove(customer: Customer | undefined, isStale: boolean): Expected {
    if (!customer) return refusal("CUSTOMER_NOT_FOUND");
    if (isStale) return refusal("VERSION_MISMATCH");
    this.customers.splice(this.customers.indexOf(customer), 1);
    this.deleted.set(customer.id, ["deleted", ...customer.history]);
    for (const event of this.events.filter((logged) => logged.customerId === customer.id)) {
      Object.assign(event, { customerId: null, updatedAt: this.now });
    }
    return { status: 200, data: { id: customer.id } };
  }

  /** `newIds` are those that the response assigned to its rows. */
  import(rows: WrittenCustomer[], options: ImportOptions, newIds: (string | null)[]): Expected {
    const among = structuredClone(this.customers);
    const touchedBy = new Map<Customer, number>();
    const created = new Set<Customer>();
    const results = rows.map((row, index) => {
      const known: Record<string, Customer | undefined> = {
        id: among.find((other) => other.id === row.id),
        external_id: row.external_id?.trim()
          ? among.find((other) => other.externalId === row.external_id!.trim())
          : undefined,
        import_customer_id: row.import_customer_id
          ? among.find((other) => other.importId === row.import_customer_id)
          : undefined,
      };
      const matchedBy = Object.keys(known).find((key) => known[key]) ?? null;
      const matched = matchedBy === null ? undefined : known[matchedBy]!;
      const { after, fieldErrors } = this.after(row, matched, among, this.ignores(row));
      if (row.id !== undefined && row.id !== matched?.id) fieldErrors.set("id", "CUSTOMER_UNKNOWN");
      else if (!matched && options.mode === "update") fieldErrors.set("", "CUSTOMER_UNKNOWN");
      if (matched && options.mode === "create")
        fieldErrors.set(
          matchedBy!,
          matchedBy === "import_customer_id" ? "IMPORT_ID_TAKEN" : "EXTERNAL_ID_TAKEN",
        );
      const warnings = matched && touchedBy.has(matched) ? [" ROW_REPEATED"] : [];
      const errors = [...fieldErrors].map(([path, code]) => `${path} ${code}`).sort();
      const outcome =
        errors.length > 0
          ? "failed"
          : !matched
            ? "created"
            : this.isSame(matched, after)
              ? "unchanged"
              : "updated";
      const target = matched ?? after;
      if (outcome === "created") {
        after.id = newIds[index] ?? `new ${index}`;
        among.push(after);
        created.add(after);
      } else if (outcome === "updated") Object.assign(matched!, after);
      if (outcome === "created" || outcome === "updated") {
        if (!touchedBy.has(target)) touchedBy.set(target, index);
      }
      return {
        outcome,
        target: outcome === "failed" && !matched ? null : target,
        matchedBy,
        errors,
        warnings,
      };
    });
    const isWithdrawn = options.atomic === true && results.some(({ outcome }) => outcome === "failed");
    const nothing = isWithdrawn || options.dry_run === true;
    const answers = results.map(({ outcome, target, matchedBy, errors, warnings }) => ({
      outcome: isWithdrawn ? "failed" : outcome,
      id: target === null || (nothing && created.has(target)) ? null : target.id,
      matchedBy,
      errors: isWithdrawn && outcome !== "failed" ? [" ROW_NOT_WRITTEN"] : errors,
      warnings,
    }));
    if (!nothing) {
      for (const customer of touchedBy.keys()) {
        const before = this.customer(customer.id);
        if (!before) this.add(customer, customer.id);
        else if (!this.isSame(before, customer)) this.touch(Object.assign(before, customer));
      }
    }
    return { status: 200, data: answers };
  }

  order = (): Field[] => {
    const place = ({ categoryId, orderIndex, id }: Field) => {
      const category = this.categories.find((category) => category.id === categoryId)!;
      return [category.orderIndex, category.id, orderIndex, id] as const;
    };
    return [...this.fields].sort((one, other) => compare(place(one), place(other)));
  };
  text = (customer: Customer, defaultId: string): string =>
    customer.values[this.byField(defaultId)!.id] ?? "";

  render(customer: Customer): unknown {
    const text = (defaultId: string) => this.text(customer, defaultId);
    const [first, last] = [text("firstName"), text("lastName")];
    const called = text("mobilePhone") || text("landlinePhone");
    const {
      phone,
      number,
      country: code,
    } = called === "" ? ({} as Record<string, string>) : JSON.parse(called);
    return {
      id: customer.id,
      externalId: customer.externalId,
      globalId: null,
      firstName: first,
      lastName: last,
      fullName: `${first} ${last}`.trim(),
      companyName: text("companyName"),
      email: text("email"),
      phone: called === "" ? {} : { phone, number, code },
      tags: customer.tagIds.map((id) => ({ id, name: this.tags.find((tag) => tag.id === id)!.name })),
      totalBookings: customer.bookings,
      avatarUrl: "",
      firstLetters: [
        ...new Set(
          [first, last].flatMap((value) => [...value].slice(0, 1)).map((value) => value.toUpperCase()),
        ),
      ].join(""),
      fields: this.order()
        .filter((field) => customer.values[field.id] !== undefined)
        .map(({ id, type, defaultId, label }) => {
          const isMultiple = type === "MULTI_SELECT";
          const value = customer.values[id]!;
          const values = isMultiple ? JSON.parse(value) : [];
          return { id, type, value, values, isMultiple, defaultId, label: defaultId === "" ? label : "" };
        }),
      createdAt: customer.createdAt,
      updatedAt: customer.updatedAt,
      ts: Date.parse(customer.updatedAt) / 1000,
    };
  }

  /** A customer's bookings are part of its version and change its update time, but not its history. */
  private countBookings(): void {
    for (const customer of this.customers) {
      const bookings = this.events.filter(
        (logged) => logged.customerId === customer.id && logged.type === "booking",
      ).length;
      if (bookings !== customer.bookings)
        Object.assign(customer, { bookings, version: customer.version + 1, updatedAt: this.now });
    }
  }
  book(
    customer: Customer | undefined,
    body: { external_id?: string; type?: string; title?: string; start_date: string },
    newId: string,
  ): Expected {
    if (!customer) return refusal("CUSTOMER_NOT_FOUND");
    const known = body.external_id
      ? this.events.find((logged) => logged.externalId === body.external_id)
      : undefined;
    const event: Event = known ?? {
      id: newId,
      externalId: body.external_id ?? "",
      customerId: null,
      type: "booking",
      title: "",
      start: "",
      createdAt: this.now,
      updatedAt: this.now,
    };
    const before = JSON.stringify(event);
    event.customerId = customer.id;
    event.type = body.type ?? event.type;
    event.title = body.title ?? event.title;
    event.start = body.start_date;
    if (!known) this.events.push(event);
    else if (JSON.stringify(event) !== before) event.updatedAt = this.now;
    this.countBookings();
    return { status: 201, data: this.renderEvent(event) };
  }
  renderEvent = (event: Event) => {
    const customer = this.customer(event.customerId!)!;
    const name = `${this.text(customer, "firstName")} ${this.text(customer, "lastName")}`.trim();
    const { id, externalId, type, title, start, createdAt, updatedAt } = event;
    const person = { id: customer.id, externalId: customer.externalId, fullName: name };
    return {
      id,
      externalId,
      type,
      title,
      startDate: start,
      endDate: start,
      customers: [person],
      createdAt,
      updatedAt,
    };
  };
  eventsOf = (customer: Customer): Event[] =>
    this.events
      .filter((logged) => logged.customerId === customer.id)
      .sort((one, other) => compare([other.start, other.id], [one.start, one.id]));

  // ---- definitions

  /** The customers that violate the future rule of a field. */
  breaks(field: Field, change: Partial<Field>): string | null {
    const values = this.customers.map((customer) => customer.values[field.id]);
    if (change.isMandatory && !field.isMandatory && values.includes(undefined)) return "is_mandatory";
    const keys = values.map((value) => keyOf(field, value)).filter((value) => value !== undefined);
    return change.isUnique && !field.isUnique && new Set(keys).size < keys.length ? "is_unique" : null;
  }
  dropField(field: Field): void {
    this.fields.splice(this.fields.indexOf(field), 1);
    for (const customer of this.customers.filter((customer) => field.id in customer.values)) {
      delete customer.values[field.id];
      this.touch(customer);
    }
  }
  categoriesInOrder = (): Category[] =>
    [...this.categories].sort((one, other) =>
      compare([one.orderIndex, one.id], [other.orderIndex, other.id]),
    );
  dropCategory(category: Category): void {
    this.categories.splice(this.categories.indexOf(category), 1);
    const { id } = this.categories.find((category) => category.isDefault)!;
    // Appends to the existing ones, in order.
    const last = Math.max(
      -1,
      ...this.fields.filter((field) => field.categoryId === id).map((field) => field.orderIndex),
    );
    const moved = this.fields.filter((field) => field.categoryId === category.id);
    moved.sort((one, other) => compare([one.orderIndex, one.id], [other.orderIndex, other.id]));
    for (const [index, field] of moved.entries())
      Object.assign(field, { categoryId: id, orderIndex: last + 1 + index });
  }
  tagNamed = (name: string) => this.tags.find((tag) => tag.name.toLowerCase() === name.toLowerCase());
  tagsInOrder = (): Tag[] =>
    [...this.tags].sort((one, other) =>
      compare([one.name.toLowerCase(), one.id], [other.name.toLowerCase(), other.id]),
    );
  /** The name of a tag is part of each of its customers, but not of their history. */
  renameTag(tag: Tag, name: string): void {
    if (tag.name === name) return;
    tag.name = name;
    for (const customer of this.customers)
      if (customer.tagIds.includes(tag.id))
        Object.assign(customer, { version: customer.version + 1, updatedAt: this.now });
  }
  dropTag(tag: Tag): void {
    this.tags.splice(this.tags.indexOf(tag), 1);
    for (const customer of this.customers.filter((customer) => customer.tagIds.includes(tag.id))) {
      customer.tagIds = customer.tagIds.filter((id) => id !== tag.id);
      this.touch(customer);
    }
  }
  refuse = refusal;
}
