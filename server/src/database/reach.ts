import pg from "pg";
import { OperatorError } from "../process/operator-error.ts";
import { ConnectionMismatch } from "./connection-mismatch.ts";
import { sqlstateOf } from "./sqlstate.ts";
import { loginsRemedy } from "./verify-connection.ts";

const connectTimeoutMs = 10_000;

const reasons: Record<string, string> = {
  "3D000": "there is no such database on the server",
  "28P01": "the password is wrong",
  "28000": "the server does not let this user in",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the name of the host cannot be looked up",
  ECONNREFUSED: "nothing listens there",
  ETIMEDOUT: "the host does not answer",
};

const severalHosts = /^postgres(?:ql)?:\/\/[^/?]*,|[?&]host=[^&]*,/;

/**
 * Parses the address in a variable; throws an error that says what is wrong with it, without the password. Startup
 * options are apart, because those in an address replace all others.
 */
export function connectionOf(url: string, variable = "DATABASE_URL"): pg.ClientConfig {
  const wrong = (cause?: unknown) =>
    new OperatorError(`${variable} is not an address of the form postgres://user:password@host:5432/name.`, {
      cause,
    });
  if (severalHosts.test(url)) {
    throw new OperatorError(
      `${variable} names several hosts: name one, of a proxy or an address that follows the primary.`,
    );
  }
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) throw wrong();
  try {
    // The driver reads more from an address than its parts, such as certificate files.
    new pg.Client({ connectionString: url });
  } catch (error) {
    throw wrong(error);
  }
  const address = new URL(url);
  const options = address.searchParams.get("options");
  if (options === null) return { connectionString: url };
  address.searchParams.delete("options");
  return { connectionString: address.href, options };
}

/** One session on the server. `place` is its name in messages: "the database at DATABASE_URL". */
export async function reach(connection: pg.ClientConfig, place: string): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: connectTimeoutMs });
  // A server that goes away fails the pending query; without this listener the event would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end();
    throw unusable(error, place);
  }
}

const unusable = (error: unknown, place: string): OperatorError =>
  new OperatorError(`${capitalized(place)} cannot be used: ${reasonOf(error)}.`, { cause: error });

/** Turns the failure of a pool's first connection into an error for the operator. */
export function refusalOfPool(error: unknown, place: string): OperatorError {
  if (error instanceof ConnectionMismatch) return error;
  if (!/unsupported startup parameter/.test((error as Error).message)) return unusable(error, place);
  return new OperatorError(
    `${capitalized(place)} is behind a connection pooler that refuses startup options: ${loginsRemedy}.`,
    { cause: error },
  );
}

function reasonOf(error: unknown): string {
  // A host name with several addresses yields one error per address.
  const [first = error] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const { code = "", message } = first as { code?: string; message: string };
  if (/password must be a string/.test(message)) return "it asks for a password and the address has none";
  if (/^timeout expired/.test(message)) return "the host does not answer";
  if (/^Connection terminated unexpectedly/.test(message)) return "what listens there hung up";
  return reasons[code] ?? message.replace(/\.$/, "");
}

/** Turns a failed preparation of the database into an error for the operator; returns other errors unchanged. */
export function refusalOf(error: unknown, place: string): unknown {
  const { message } = error as Error;
  switch (sqlstateOf(error)) {
    case "42501":
      return new OperatorError(
        `The user of ${place} lacks a right (${message}): it must own the database and have CREATEROLE.`,
        { cause: error },
      );
    case "53100":
      return new OperatorError(`The disk of ${place} is full (${message}): free some space.`, {
        cause: error,
      });
    case "55P03":
    case "57014":
      return new OperatorError(
        `${capitalized(place)} is busy (${message}): another Clientele may be migrating it; try again.`,
        { cause: error },
      );
    default:
      return error;
  }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
