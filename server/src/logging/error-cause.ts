/** The loggable part of an error: type, message and stack, without values that the message may quote. */
export type LoggedCause = {
  type: string;
  message: string;
  code?: string;
  constraint?: string;
  stack: string[];
  cause?: LoggedCause;
};

const causesMax = 5;
const framesMax = 20;

export function causeOf(error: unknown, depth = 0): LoggedCause | undefined {
  if (error === undefined || error === null || depth === causesMax) return undefined;
  if (!(error instanceof Error)) return { type: typeof error, message: "", stack: [] };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const cause = causeOf(error.cause, depth + 1);
  return {
    type: error.name,
    message: withoutQuotes(error.message),
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof constraint === "string" ? { constraint } : {}),
    stack: framesOf(error),
    ...(cause ? { cause } : {}),
  };
}

/** PostgreSQL and V8 quote the offending value: `invalid input syntax for type integer: "…"`. */
const withoutQuotes = (message: string): string =>
  message
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, "…")
    .replaceAll(/["'`].*$/gs, "…")
    .replaceAll(/[\r\n]+/g, " ")
    .slice(0, 500);

const framesOf = ({ stack = "" }: Error): string[] =>
  stack
    .split("\n")
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, framesMax)
    .map((line) => line.trim());
