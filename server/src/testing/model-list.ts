import type { Customer, Model } from "./model.ts";
import { compare, fold, sortKey } from "./model-values.ts";

function wordsOf(model: Model, customer: Customer): string[] {
  const always = ["firstName", "lastName", "companyName", "email"];
  const texts = model.fields
    .filter((field) => field.type !== "PHONE" && (field.isSearchable || always.includes(field.defaultId)))
    .map((field) => customer.values[field.id] ?? "");
  // A word starts at a letter or digit and extends to the next blank.
  return [...texts, customer.externalId].flatMap((text) =>
    text
      .split(/\s+/)
      .flatMap((run) => [...run.matchAll(/[\p{L}\p{N}]+/gu)].map(({ index }) => fold(run.slice(index)))),
  );
}
function isFound(model: Model, customer: Customer, q: string): boolean {
  const words = wordsOf(model, customer);
  const numbers = model.fields
    .filter((field) => field.type === "PHONE")
    .flatMap((field) => customer.values[field.id] ?? []);
  return q.split(/\s+/).every((token) => {
    const called = numbers.some((it) => {
      const { phone, number } = JSON.parse(it);
      return [phone, `0${number}`, number].some((form) => form.startsWith(token)) || phone.endsWith(token);
    });
    return words.some((word) => word.startsWith(fold(token))) || (/^\+?\d{3,}$/.test(token) && called);
  });
}

/** The customers that a list selects, in its order. */
export function listed(model: Model, query: Record<string, string>): Customer[] {
  const asked = (name: string) => query[name]?.split(",");
  const letter = (name: string, text: string) =>
    query[name] === undefined ||
    (query[name] === "#" ? !/^\p{L}/u.test(fold(text)) : fold(text).startsWith(fold(query[name])));
  const filters = Object.entries(query).filter(([name]) => name.startsWith("filter["));
  const found = model.customers.filter(
    (customer) =>
      (asked("ids")?.includes(customer.id) ?? true) &&
      (asked("external_ids")?.includes(customer.externalId) ?? true) &&
      (asked("tag_ids")?.some((id) => customer.tagIds.includes(id)) ?? true) &&
      (query["booker_id"] === undefined || customer.bookerId === query["booker_id"]) &&
      (query["updated_since"] === undefined || customer.updatedAt >= query["updated_since"]) &&
      letter("first_name_letter", model.text(customer, "firstName")) &&
      letter("last_name_letter", model.text(customer, "lastName")) &&
      (query["q"] === undefined || isFound(model, customer, query["q"])) &&
      filters.every(([name, value]) => customer.values[model.byField(name.slice(7, -1))!.id] === value),
  );
  const names = (customer: Customer, ...texts: string[]) =>
    texts.map((name) => sortKey(model.text(customer, name)));
  const keys: Record<string, (it: Customer) => readonly (string | number)[]> = {
    firstName: (customer) => names(customer, "firstName", "lastName"),
    lastName: (customer) => names(customer, "lastName"),
    fullName: (customer) => names(customer, "firstName", "lastName"),
    companyName: (customer) => names(customer, "companyName"),
    email: (customer) => names(customer, "email"),
    externalId: (customer) => [customer.externalId],
    createdAt: (customer) => [customer.createdAt],
    updatedAt: (customer) => [customer.updatedAt],
    totalBookings: (customer) => [customer.bookings],
  };
  const key = keys[query["sort"] ?? "firstName"]!;
  const sorted = found.sort((one, other) => compare([...key(one), one.id], [...key(other), other.id]));
  return query["sort_type"] === "desc" ? sorted.reverse() : sorted;
}
