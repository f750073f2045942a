import pg from "pg";
import { idParserOf } from "../database/id-codec.ts";
import { encoded } from "../database/parameter-types.ts";

type Sent = { text: string; values?: readonly unknown[] };

/** Lets a session of the driver take and return ids as the service does, with 24 hex digits. */
export function encodeIds(client: pg.Client): void {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  client.query = ((sent: string | Sent | pg.Submittable, values?: readonly unknown[]) => {
    if (typeof sent === "string") return send({ text: sent, ...(values && { values }) });
    return "submit" in sent ? query(sent) : send(sent);
  }) as typeof client.query;

  async function send(sent: Sent): Promise<unknown> {
    const [values] = await encoded(client, [{ text: sent.text, values: sent.values ?? [] }]);
    return query({ types: idsParsed, ...sent, ...(sent.values && { values }) });
  }
}

const idsParsed = {
  getTypeParser: (type: number, format: "text") => idParserOf(type) ?? pg.types.getTypeParser(type, format),
};
