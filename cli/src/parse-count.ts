import { InvalidArgumentError } from "commander";

/** Parses a positive integer option. */
export function parseCount(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count > 0) return count;
  throw new InvalidArgumentError("It must be a whole number of 1 or more.");
}
