import type { Customer, Model } from "./model.ts";
import { compare, fold, sortKey } from "./model-values.ts";

function wordsOf(model: Model, customer: Customer): string[] {
  const always = ["firstName", "lastName", "companyName", "email"];
  const texts = model.fields
    .filter((it) => it.type !== "PHONE" && (it.isSearchable || always.includes(it.defaultId)))
    .map((it) => customer.values[it.id] ?? "");
  // A word is what begins where letters or digits begin, with all that follows it up to the next blank.
  return [...texts, customer.externalId].flatMap((text) =>
    text
      .split(/\s+/)
      .flatMap((run) => [...run.matchAll(/[\p{L}\p{N}]+/gu)].map(({ index }) => fold(run.slice(index)))),
  );
}
function isFound(model: Model, customer: Customer, q: string): boolean {
  const words = wordsOf(model, customer);
  const numbers = model.fields
    .filter((it) => it.type === "PHONE")
    .flatMap((it) => customer.values[it.id] ?? []);
  return q.split(/\s+/).every((token) => {
    const called = numbers.some((it) => {
      const { phone, number } = JSON.parse(it);
      return [phone, `0${number}`, number].some((form) => form.startsWith(token)) || phone.endsWith(token);
    });
    return words.some((word) => word.startsWith(fold(token))) || (/^\+?\d{3,}$/.test(token) && called);
  });
}

/** The customers that a list asks for, in its order. */
export function listed(model: Model, query: Record<string, string>): Customer[] {
  const asked = (name: string) => query[name]?.split(",");
  const letter = (name: string, text: string) =>
    query[name] === undefined ||
    (query[name] === "#" ? !/^\p{L}/u.test(fold(text)) : fold(text).startsWith(fold(query[name])));
  const filters = Object.entries(query).filter(([name]) => name.startsWith("filter["));
  const found = model.customers.filter(
    (it) =>
      (asked("ids")?.includes(it.id) ?? true) &&
      (asked("external_ids")?.includes(it.externalId) ?? true) &&
      (asked("tag_ids")?.some((id) => it.tagIds.includes(id)) ?? true) &&
      (query["booker_id"] === undefined || it.bookerId === query["booker_id"]) &&
      (query["updated_since"] === undefined || it.updatedAt >= query["updated_since"]) &&
      letter("first_name_letter", model.text(it, "firstName")) &&
      letter("last_name_letter", model.text(it, "lastName")) &&
      (query["q"] === undefined || isFound(model, it, query["q"])) &&
      filters.every(([name, value]) => it.values[model.byField(name.slice(7, -1))!.id] === value),
  );
  const names = (it: Customer, ...texts: string[]) => texts.map((name) => sortKey(model.text(it, name)));
  const keys: Record<string, (it: Customer) => readonly (string | number)[]> = {
    firstName: (it) => names(it, "firstName"),
    lastName: (it) => names(it, "lastName"),
    fullName: (it) => names(it, "firstName", "lastName"),
    companyName: (it) => names(it, "companyName"),
    email: (it) => names(it, "email"),
    externalId: (it) => [it.externalId],
    createdAt: (it) => [it.createdAt],
    updatedAt: (it) => [it.updatedAt],
    totalBookings: (it) => [it.bookings],
  };
  const key = keys[query["sort"] ?? "firstName"]!;
  const sorted = found.sort((one, other) => compare([...key(one), one.id], [...key(other), other.id]));
  return query["sort_type"] === "desc" ? sorted.reverse() : sorted;
}
