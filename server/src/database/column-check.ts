let isChecking = false;

/** Makes reading a column that a row does not have an error instead of undefined. Tests switch it on. */
export function checkColumns(): void {
  isChecking = true;
}

/** A changed prototype slows every later read of a row, and all rows of an answer have the same columns. */
const checkedRowsMax = 20;

// Promises, JSON and the driver look these up on any object.
const allowedNames = new Set(["then", "toJSON", "toPostgres"]);

const prototypes = new Map<string, object>();

/**
 * While columns are checked, gives the first rows of an answer a prototype that refuses every name that neither the
 * row nor Object has: an alias that differs from the row's type fails at its first read.
 */
export function checkRows(rows: readonly object[], text = ""): void {
  if (!isChecking) return;
  for (const row of rows.slice(0, checkedRowsMax)) Object.setPrototypeOf(row, prototypeOf(text));
}

function prototypeOf(text: string): object {
  let prototype = prototypes.get(text);
  if (!prototype) {
    prototype = new Proxy(Object.prototype, {
      get(target, name, receiver) {
        if (typeof name === "symbol" || name in target || allowedNames.has(name))
          return Reflect.get(target, name, receiver);
        throw new Error(`There is no column "${name}" in the answer to: ${text}`);
      },
    });
    prototypes.set(text, prototype);
  }
  return prototype;
}
