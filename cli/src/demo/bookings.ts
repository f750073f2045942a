import type { Faker } from "@faker-js/faker";
import type { EventRow } from "./dataset.ts";

export type Branch = { id: string; name: string };

const services = ["Consultation", "First appointment", "Treatment", "Follow-up", "Check-up"];
const days = 730;
const firstDay = Date.UTC(2025, 0, 1);
const dayMs = 24 * 3_600_000;

/** What one customer has booked in two years: often at one branch, now and then at another, never on a Sunday. */
export function bookingsOf(
  chance: Faker,
  customer: string,
  branch: Branch | undefined,
  branches: readonly Branch[],
): EventRow[] {
  // Many come once or twice, a few come all the time.
  const count = Math.floor(14 * chance.number.float() ** 3);
  return Array.from({ length: count }, (_, index) => {
    const elsewhere = branches[chance.number.int({ max: 999_999 }) % branches.length];
    const place = chance.datatype.boolean(0.85) ? branch : elsewhere;
    return {
      customer_external_id: customer,
      external_id: `${customer}-${index + 1}`,
      type: "booking",
      title: chance.helpers.arrayElement(services),
      start_date: startOf(chance),
      duration: chance.helpers.arrayElement([15, 30, 30, 45, 60, 90]),
      status: chance.datatype.boolean(0.92) ? "confirmed" : "cancelled",
      ...(place ? { company_id: place.id } : {}),
    };
  });
}

/** A quarter of an hour between 7:00 and 16:45 UTC, which is the working day of most of these customers. */
function startOf(chance: Faker): string {
  const day = new Date(firstDay + chance.number.int({ max: days - 2 }) * dayMs);
  if (day.getUTCDay() === 0) day.setUTCDate(day.getUTCDate() + 1);
  const minutes = 7 * 60 + 15 * chance.number.int({ max: 39 });
  return new Date(day.getTime() + minutes * 60_000).toISOString().replace(".000Z", "Z");
}
