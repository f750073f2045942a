import type { Faker } from "@faker-js/faker";
import type { EventRow } from "./dataset.ts";

export type Branch = { id: string; name: string };

const services = ["Consultation", "First appointment", "Treatment", "Follow-up", "Check-up"];
const days = 730;
const firstDay = Date.UTC(2025, 0, 1);
const dayMs = 24 * 3_600_000;

/** Bookings of one customer over two years: 85 % at the customer's branch, none on a Sunday. */
export function bookingsOf(
  random: Faker,
  customer: string,
  branch: Branch | undefined,
  branches: readonly Branch[],
): EventRow[] {
  // The cube makes few regulars: half of the customers have at most one booking.
  const count = Math.floor(14 * random.number.float() ** 3);
  return Array.from({ length: count }, (_, index) => {
    const elsewhere = branches[random.number.int({ max: 999_999 }) % branches.length];
    const place = random.datatype.boolean(0.85) ? branch : elsewhere;
    return {
      customer_external_id: customer,
      external_id: `${customer}-${index + 1}`,
      type: "booking",
      title: random.helpers.arrayElement(services),
      start_date: startOf(random),
      duration: random.helpers.arrayElement([15, 30, 30, 45, 60, 90]),
      status: random.datatype.boolean(0.92) ? "confirmed" : "cancelled",
      ...(place ? { company_id: place.id } : {}),
    };
  });
}

/** A quarter hour between 7:00 and 16:45 UTC, business hours in most of the countries. */
function startOf(random: Faker): string {
  const day = new Date(firstDay + random.number.int({ max: days - 2 }) * dayMs);
  if (day.getUTCDay() === 0) day.setUTCDate(day.getUTCDate() + 1);
  const minutes = 7 * 60 + 15 * random.number.int({ max: 39 });
  return new Date(day.getTime() + minutes * 60_000).toISOString().replace(".000Z", "Z");
}
