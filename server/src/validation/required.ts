/** Returns a value that earlier code guarantees. Throws an internal error with its name when it is missing. */
export function required<T>(value: T, name: string): NonNullable<T> {
  if (value === undefined || value === null) throw new Error(`${name} is missing.`);
  return value;
}
