import { InvalidArgumentError } from "commander";

/** A number of things, as the command line says it. */
export function countOf(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count > 0) return count;
  throw new InvalidArgumentError("It must be a number of 1 or more.");
}
