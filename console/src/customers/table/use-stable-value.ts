import { useMemo } from "react";

/** Returns the same object as long as its JSON is the same. */
export function useStableValue<Value>(value: Value): Value {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the JSON is the dependency.
  return useMemo(() => value, [JSON.stringify(value)]);
}
