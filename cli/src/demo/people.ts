import { en, Faker } from "@faker-js/faker";
import { type Branch, bookingsOf } from "./bookings.ts";
import { type Country, countries } from "./countries.ts";
import type { Dataset, EventRow, FieldPlan, PlannedCustomer } from "./dataset.ts";

const interests = ["Colour", "Cut", "Massage", "Nails", "Skin care", "Wellness"];
const regular = "Regular";
const vip = "VIP";
const business = "Business";

/** Generates fictional people with bookings at the branches. Person n is the same for every `count`. */
export function peopleDataset(count: number, branches: readonly Branch[]): Dataset {
  const random = new Faker({ locale: en, seed: 1 });
  for (const [index, { faker }] of countries.entries()) faker.seed(index + 1);
  const weighted = countries.map((country) => ({ value: country, weight: country.share }));

  const customers: PlannedCustomer[] = [];
  const events: EventRow[] = [];
  for (let number = 1; number <= count; number++) {
    const externalId = `demo-${String(number).padStart(4, "0")}`;
    const branch = branches[random.number.int({ max: 999_999 }) % branches.length];
    const person = personOf(random, random.helpers.weightedArrayElement(weighted), number);
    const bookings = bookingsOf(random, externalId, branch, branches);
    const tags = [
      ...(bookings.length >= 5 ? [regular] : []),
      ...(bookings.length >= 10 ? [vip] : []),
      ...(person["companyName"] ? [business] : []),
    ];
    const preferred = random.datatype.boolean(0.6) ? branch?.name : undefined;
    customers.push({ externalId, values: { ...person, "demo-branch": preferred }, tags });
    events.push(...bookings);
  }
  return {
    category: { external_id: "demo", name: "Preferences" },
    fields: fieldsFor(branches),
    tags: [regular, vip, business],
    customers,
    events,
    warnings: [],
  };
}

const fieldsFor = (branches: readonly Branch[]): FieldPlan[] => [
  {
    external_id: "demo-loyalty",
    label: "Loyalty number",
    type: "TEXT",
    is_unique: true,
    is_searchable: true,
    placeholder: "L-123456",
    validation: { pattern: "L-\\d{6}" },
  },
  { external_id: "demo-newsletter", label: "Newsletter", type: "CHECKBOX" },
  ...branchField(branches.map(({ name }) => name)),
  { external_id: "demo-interests", label: "Interests", type: "MULTI_SELECT", select_options: interests },
];

/** A SELECT field needs at least one option. */
const branchField = (names: string[]): FieldPlan[] =>
  names.length === 0
    ? []
    : [{ external_id: "demo-branch", label: "Preferred branch", type: "SELECT", select_options: names }];

function personOf(random: Faker, country: Country, number: number): PlannedCustomer["values"] {
  const { faker } = country;
  const sex = random.person.sexType();
  const firstName = faker.person.firstName(sex);
  const lastName = faker.person.lastName(sex);
  const email = faker.internet.exampleEmail({ firstName, lastName }).toLowerCase();
  const company = faker.company.name();
  const birthday = faker.date.birthdate({ mode: "year", min: 1938, max: 2007 }).toISOString().slice(0, 10);
  const place = {
    street: faker.location.streetAddress(),
    zipcode: faker.location.zipCode(),
    city: faker.location.city(),
  };
  const mostly = (likelihood: number, value: string): string | undefined =>
    random.datatype.boolean(likelihood) ? value : undefined;
  return {
    salutation: mostly(0.8, sex === "male" ? "mr" : random.helpers.arrayElement(["mrs", "ms"])),
    firstName,
    lastName,
    companyName: mostly(0.1, company),
    email: mostly(0.92, email),
    mobilePhone: mostly(0.85, random.helpers.replaceSymbols(country.mobile)),
    landlinePhone: mostly(0.3, random.helpers.replaceSymbols(country.landline)),
    ...place,
    country: country.name,
    birthday: mostly(0.65, birthday),
    notes: mostly(
      0.04,
      random.helpers.arrayElement(["Prefers mornings.", "Allergic to latex.", "Pays by card."]),
    ),
    "demo-loyalty": mostly(0.7, `L-${String(100_000 + number)}`),
    "demo-newsletter": mostly(0.8, String(random.datatype.boolean())),
    "demo-interests": random.helpers.arrayElements(interests, { min: 0, max: 3 }),
  };
}
