import { SaxesParser } from "saxes";
import { xlsxError } from "./xlsx-error.ts";

export type Attributes = Readonly<Record<string, string>>;

export type XmlHandler = {
  open(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
};

/** Maximum length of a tag or text: only a malicious file has longer ones. */
const lengthMax = 1_000_000;

/**
 * Parses a part of a workbook and yields after each chunk. Element names lose the prefix of the root, which depends on
 * the program that wrote the file; elements of other namespaces keep theirs.
 */
export async function* readXml(
  bytes: AsyncIterable<Buffer>,
  part: string,
  root: string,
  handler: XmlHandler,
): AsyncGenerator<void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  let prefix: string | null = null;
  let sinceTag = 0;
  const ownName = (name: string, prefix: string): string =>
    prefix === "" ? name : name.startsWith(prefix) ? name.slice(prefix.length) : "";
  parser.on("error", (error) => {
    throw xlsxError("PART_MALFORMED", { part }, error);
  });
  parser.on("opentag", ({ name, attributes }) => {
    sinceTag = 0;
    if (prefix === null) {
      prefix = name.slice(0, name.indexOf(":") + 1);
      if (ownName(name, prefix) !== root) throw xlsxError("NOT_A_WORKBOOK");
    }
    handler.open(ownName(name, prefix), attributes);
  });
  parser.on("closetag", ({ name }) => {
    sinceTag = 0;
    handler.close?.(ownName(name, prefix ?? ""));
  });
  const onText = (text: string) => handler.text?.(text);
  parser.on("text", onText);
  parser.on("cdata", onText);

  let decoder: InstanceType<typeof TextDecoder> | undefined;
  const decode = (chunk?: Buffer): string => {
    try {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (error) {
      throw xlsxError("PART_NOT_UNICODE", { part }, error);
    }
  };
  for await (const chunk of bytes) {
    sinceTag += chunk.length;
    parser.write(decode(chunk));
    if (sinceTag > lengthMax) throw xlsxError("TEXT_TOO_LONG", { part });
    yield;
  }
  parser.write(decode());
  parser.close();
}

/** The format allows UTF-8 and UTF-16, which begins with a byte order mark. */
function encodingOf(chunk: Buffer | undefined): string {
  const [first, second] = chunk ?? [];
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
