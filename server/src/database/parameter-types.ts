import { LRUCache } from "lru-cache";
import type { ClientBase, Connection, Submittable } from "pg";
import { type Encoder, encoderOf } from "./id-codec.ts";

type Parameterized = { readonly text: string; readonly values: readonly unknown[] };

/** The encoders of a statement's parameters, by position. */
type Encoders = readonly (Encoder | undefined)[];

const none: Encoders = [];

// The texts of lists vary with their filters and limits. A text that was dropped is described again.
const encodersByText = new LRUCache<string, Encoders>({ max: 1_000 });

const mayHoldId = (value: unknown): boolean => typeof value === "string" || Array.isArray(value);

/** Undefined when the types of the statement's parameters are not known and matter. */
const encodersOf = ({ text, values }: Parameterized): Encoders | undefined =>
  encodersByText.get(text) ?? (values.some(mayHoldId) ? undefined : none);

const encodedBy = (encoders: Encoders, values: readonly unknown[]): readonly unknown[] =>
  encoders.length === 0
    ? values
    : values.map((value, index) => {
        const encode = encoders[index];
        return encode ? encode(value) : value;
      });

/** The parameters of each statement as the database takes them; null when a text has to be described first. */
export function encodedNow(statements: readonly Parameterized[]): (readonly unknown[])[] | null {
  const encoded: (readonly unknown[])[] = [];
  for (const statement of statements) {
    const encoders = encodersOf(statement);
    if (encoders === undefined) return null;
    encoded.push(encodedBy(encoders, statement.values));
  }
  return encoded;
}

/**
 * The parameters of each statement as the database takes them. Learns the types of their parameters once per text and
 * process, in one round trip. What it learns it uses at once: other statements may drop it from the cache meanwhile.
 */
export async function encoded(
  client: ClientBase,
  statements: readonly Parameterized[],
): Promise<(readonly unknown[])[]> {
  const known = statements.map(encodersOf);
  const unknownTexts = statements.flatMap(({ text }, index) => (known[index] === undefined ? [text] : []));
  const described = unknownTexts.length === 0 ? null : await describe(client, [...new Set(unknownTexts)]);
  return statements.map(({ text, values }, index) =>
    encodedBy(known[index] ?? described?.get(text) ?? none, values),
  );
}

/** Asks for the types of the statements' parameters in one round trip. Reads no row and changes no transaction. */
class Description implements Submittable {
  private readonly texts: readonly string[];
  private readonly settle: (error: Error | null, types: number[][]) => void;
  private readonly types: number[][] = [];

  constructor(texts: readonly string[], settle: (error: Error | null, types: number[][]) => void) {
    this.texts = texts;
    this.settle = settle;
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as Wire;
    const listen = ({ dataTypeIDs }: { dataTypeIDs: number[] }) => this.types.push(dataTypeIDs);
    wire.on("parameterDescription", listen);
    wire.once("readyForQuery", () => wire.off("parameterDescription", listen));
    wire.stream.cork();
    for (const text of this.texts) {
      wire.parse({ name: "", text });
      wire.describe({ type: "S", name: "" });
    }
    wire.sync();
    wire.stream.uncork();
  }

  handleReadyForQuery(): void {
    this.settle(null, this.types);
  }

  handleError(error: Error): void {
    this.settle(error, []);
  }

  // The description of the columns is not needed.
  handleRowDescription(): void {}
}

type Listener = (message: { dataTypeIDs: number[] }) => void;

/** The driver's connection methods that a description uses; its type definitions omit them. */
type Wire = {
  stream: { cork(): void; uncork(): void };
  on(event: "parameterDescription", listener: Listener): void;
  off(event: "parameterDescription", listener: Listener): void;
  once(event: "readyForQuery", listener: () => void): void;
  parse(message: { name: string; text: string }): void;
  describe(message: { type: "S"; name: string }): void;
  sync(): void;
};

/** Describes the texts and remembers the encoders of their parameters. */
function describe(client: ClientBase, texts: readonly string[]): Promise<Map<string, Encoders>> {
  return new Promise((resolve, reject) => {
    const description = new Description(texts, (error, types) => {
      if (error) return reject(error);
      const described = new Map<string, Encoders>();
      for (const [index, text] of texts.entries()) {
        const encoders = (types[index] ?? []).map(encoderOf);
        described.set(text, encoders.some(Boolean) ? encoders : none);
      }
      for (const [text, encoders] of described) encodersByText.set(text, encoders);
      resolve(described);
    });
    client.query(description);
  });
}
