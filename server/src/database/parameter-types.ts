import type { ClientBase, Connection, Submittable } from "pg";
import { type Encoder, encoderOf } from "./id-codec.ts";

type Parameterized = { readonly text: string; readonly values: readonly unknown[] };

/** The encoders of a statement's parameters; undefined when none needs one. */
type Encoders = readonly (Encoder | undefined)[] | undefined;

// The texts of lists vary with their filters and limits. A text that was dropped is described again.
const textsMax = 1_000;
const encodersByText = new Map<string, Encoders>();

function remember(text: string, types: readonly number[]): void {
  if (encodersByText.size >= textsMax) {
    const [oldest] = encodersByText.keys();
    if (oldest !== undefined) encodersByText.delete(oldest);
  }
  const encoders = types.map(encoderOf);
  encodersByText.set(text, encoders.some(Boolean) ? encoders : undefined);
}

const mayHoldId = (value: unknown): boolean => typeof value === "string" || Array.isArray(value);

/** Whether the types of the statement's parameters must be known before it is sent. */
export const isUndescribed = ({ text, values }: Parameterized): boolean =>
  values.some(mayHoldId) && !encodersByText.has(text);

/** The parameters as the database takes them. The statement has been described. */
export function encodedValues({ text, values }: Parameterized): readonly unknown[] {
  const encoders = encodersByText.get(text);
  return encoders === undefined
    ? values
    : values.map((value, index) => {
        const encode = encoders[index];
        return encode ? encode(value) : value;
      });
}

/** Asks for the types of the statements' parameters in one round trip. Reads no row and changes no transaction. */
class Description implements Submittable {
  private readonly texts: readonly string[];
  private readonly settle: (error: Error | null) => void;
  private readonly types: number[][] = [];

  constructor(texts: readonly string[], settle: (error: Error | null) => void) {
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
    for (const [index, text] of this.texts.entries()) remember(text, this.types[index] ?? []);
    this.settle(null);
  }

  handleError(error: Error): void {
    this.settle(error);
  }

  // The columns of the rows are not of interest.
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

/** Learns the types of the statements' parameters, once per text and process. */
export function describe(client: ClientBase, statements: readonly Parameterized[]): Promise<void> {
  const texts = [...new Set(statements.map(({ text }) => text))];
  return new Promise((resolve, reject) => {
    client.query(new Description(texts, (error) => (error ? reject(error) : resolve())));
  });
}
