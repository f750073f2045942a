import { useMemo } from "react";

/** The same object as long as it says the same. */
export function useStableValue<Value>(value: Value): Value {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it says is what counts.
  return useMemo(() => value, [JSON.stringify(value)]);
}
