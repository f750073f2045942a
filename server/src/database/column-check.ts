let isChecking = false;

/** From now on reading a column that a row does not have is an error, not undefined. Tests switch it on. */
export function checkColumns(): void {
  isChecking = true;
}

// Promises, JSON and the driver ask any object for these.
const askedOfAnything = new Set(["then", "toJSON", "toPostgres"]);

/**
 * The row itself. While columns are checked its prototype refuses every name that neither the row nor Object has, so
 * that an alias which differs from the row's type fails at its first read.
 */
export function checkedRow<Row extends object>(row: Row, text = ""): Row {
  if (!isChecking) return row;
  return Object.setPrototypeOf(
    row,
    new Proxy(Object.prototype, {
      get(target, name, receiver) {
        if (typeof name === "symbol" || name in target || askedOfAnything.has(name))
          return Reflect.get(target, name, receiver);
        throw new Error(`There is no column "${name}" in the answer to: ${text}`);
      },
    }),
  );
}
