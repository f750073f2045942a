/** The value, which earlier code guarantees. Throws an internal error that names it when it is missing after all. */
export function required<T>(value: T, name: string): NonNullable<T> {
  if (value === undefined || value === null) throw new Error(`${name} is missing.`);
  return value;
}
