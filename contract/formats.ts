import { type Static, type TSchema, Type } from "typebox";
import type { PatternKey } from "./field-errors.ts";

/** The error key for a string that does not match the pattern of its schema. */
export const errorKey = (key: PatternKey) => ({ "x-error-key": key }) as const;

/** 24 lower-case hex digits: 4 bytes of seconds, then 8 random bytes. */
export const Id = Type.String({
  pattern: "^[0-9a-f]{24}$",
  ...errorKey("NOT_ID"),
  description: "24 lower-case hex digits.",
});

/** UTC, whole seconds. */
export const Timestamp = Type.String({
  ...errorKey("NOT_TIMESTAMP"),
  pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$",
  description: "UTC, `YYYY-MM-DDTHH:MM:SSZ`.",
});

export const timestampOf = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

/** True for `1`, `"1"`, `true` and `"true"`; false for every other value. */
export const Flag = Type.Unsafe<unknown>({
  description: 'A flag: `1`, `"1"`, `true` and `"true"` turn it on, every other value turns it off.',
  "x-flag": true,
});
/**
 * A flag that decides whether a request writes: any value other than a form of true or false is refused, because
 * reading `dry_run=yes` as off would write.
 */
export const StrictFlag = Type.Unsafe<unknown>({
  enum: [true, false, 1, 0, "true", "false", "1", "0"],
  description: 'A flag: `true` or `false`, also as `"true"`, `1` or `"1"`, and `"false"`, `0` or `"0"`.',
  "x-flag": true,
});
export const isOn = (flag: unknown): boolean =>
  flag === 1 || flag === "1" || flag === true || flag === "true";

/** A string that is one of these names. */
export const OneOf = <const Names extends readonly string[]>(
  names: Names,
  options: { description?: string } = {},
) => Type.Unsafe<Names[number]>({ type: "string", enum: [...names], ...options });

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A query parameter of several values: repeated (`a=1&a=2`), bracketed (`a[]=1`) or comma-separated (`a=1,2`). */
export const ListParameter = <T extends TSchema>(items: T, description: string) =>
  Type.Optional(
    Type.Array(items, { description: `${description} Repeated, bracketed (\`[]\`) or comma-separated.` }),
  );

const dayOrMoment = "^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:?\\d\\d)?)?$";
export const DateOrTime = Type.String({
  pattern: dayOrMoment,
  ...errorKey("NOT_DATE_OR_TIME"),
  description: "A date (`YYYY-MM-DD`) or a date-time; without an offset it is UTC.",
});

/**
 * The caller's id for a record. It is a path segment of the API, so values that cannot be one are rejected: empty,
 * `.`, `..`, control characters, the static segments.
 */
export const ExternalId = Type.String({
  maxLength: 255,
  description: "The caller's own id, at most 255 characters.",
});

export const closed = { additionalProperties: false } as const;
export type { Static };
