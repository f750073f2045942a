import { bodyError, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { normalized } from "../text/normalize.ts";
import type { SelectOption } from "./definitions.ts";

/** An option in a request: its value alone, or an object. */
export type OptionInput =
  | string
  | { id?: string; value: string; label?: string; order_index?: number; is_active?: boolean };

export type OptionsPlan = {
  /** The options of the request, in order. */
  options: SelectOption[];
  /** Current options that the request leaves out. */
  removed: SelectOption[];
  /** Old value to new value; customers with the old one follow. */
  renamed: ReadonlyMap<string, string>;
};

/** Merges the requested options into the current ones. An option is matched by id, else by value. */
export function planOptions(
  current: readonly SelectOption[],
  written: readonly OptionInput[],
  newId: () => string,
  fieldErrors: FieldError[],
): OptionsPlan {
  const byId = new Map(current.map((option) => [option.id, option]));
  const byValue = new Map(current.map((option) => [option.value, option]));
  const namedIds = new Set(written.map((option) => (typeof option === "string" ? undefined : option.id)));
  const matchedIds = new Set<string>();
  const values = new Set<string>();
  const renamed = new Map<string, string>();
  const refuse = (path: string, why: Reason) =>
    fieldErrors.push(bodyError(`select_options.${path}`, "REQUEST_INVALID", why));

  const options = written.map((option, index): SelectOption => {
    const {
      id,
      value: text,
      label,
      order_index,
      is_active = true,
    } = typeof option === "string" ? { value: option } : option;
    const at = typeof option === "string" ? `${index}` : `${index}.value`;
    const value = normalized(text);
    if (value === "") refuse(at, reason("EMPTY"));
    else if (values.has(value)) refuse(at, reason("OPTION_VALUE_REPEATED"));
    values.add(value);

    const sameValue = byValue.get(value);
    const existing =
      id === undefined ? (sameValue && namedIds.has(sameValue.id) ? undefined : sameValue) : byId.get(id);
    if (id !== undefined && !existing) refuse(`${index}.id`, reason("OPTION_ID_UNKNOWN"));
    if (id !== undefined && existing && matchedIds.has(existing.id))
      refuse(`${index}.id`, reason("OPTION_ID_REPEATED"));
    if (existing) matchedIds.add(existing.id);
    if (existing && existing.value !== value) renamed.set(existing.value, value);
    return {
      id: existing?.id ?? newId(),
      value,
      label: normalized(label ?? existing?.label ?? "") || value,
      orderIndex: order_index ?? index,
      isActive: is_active,
    };
  });
  return {
    options: options.sort((one, other) => one.orderIndex - other.orderIndex),
    removed: current.filter((option) => !matchedIds.has(option.id)),
    renamed,
  };
}

/**
 * Keeps removed options that a customer still has: last in order and inactive. The next write of the options
 * drops those no longer in use.
 */
export function withOptionsInUse(
  options: readonly SelectOption[],
  removed: readonly SelectOption[],
  inUse: ReadonlySet<string>,
): SelectOption[] {
  const values = new Set(options.map(({ value }) => value));
  const last = options.at(-1)?.orderIndex ?? -1;
  const stillChosen = removed.filter(({ value }) => inUse.has(value) && !values.has(value));
  return [
    ...options,
    ...stillChosen.map((option, index) => ({ ...option, orderIndex: last + 1 + index, isActive: false })),
  ];
}
