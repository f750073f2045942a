import { expect } from "vitest";
import { runImport } from "../imports/run/import-loop.ts";
import type { Answer, Client, TestApp } from "./start-app.ts";

const jobs = "/v1/customer-imports";
const customers = "/v1/enterprise-customers";

// biome-ignore lint/suspicious/noExplicitAny: a test says of a job what it expects of it.
type Job = any;

/** A CSV file of these lines. */
export const csv = (...lines: string[]): string => `${lines.join("\n")}\n`;

/** The imports of one client, from the upload to the result. */
export function importsOf(app: TestApp, client: Client) {
  const job = async (id: string): Promise<Job> => (await client.get(`${jobs}/${id}`)).body.data;
  const accepted = (answer: Answer): string => {
    expect(answer.status, answer.text).toBe(202);
    return answer.body.data.id;
  };
  const asked = async (id: string, what: "apply" | "undo") =>
    accepted(await client.post(`${jobs}/${id}/${what}`, {}));

  /** Uploads a file without processing it. */
  const send = async (body: string | Buffer, query: Record<string, string> = {}, type = "text/csv") =>
    accepted(await client.post(jobs, body, { query, headers: { "content-type": type } }));

  return {
    job,
    send,
    asked,
    /** Uploads a file and processes it. */
    async imported(...[body, query, type]: Parameters<typeof send>): Promise<Job> {
      const id = await send(body, query, type);
      await app.work();
      return job(id);
    },
    async applied(id: string): Promise<Job> {
      const applied = await asked(id, "apply");
      await app.work();
      return job(applied);
    },
    async undone(id: string): Promise<Job> {
      const undo = await asked(id, "undo");
      await app.work();
      return job(undo);
    },
    async rows(id: string, query: Record<string, string> = {}): Promise<Job[]> {
      return (await client.get(`${jobs}/${id}/rows`, { query })).body.data;
    },
    /** Every customer by external id, with the requested attributes: `defaultId`s of fields or labels. */
    async customers(...names: string[]): Promise<Record<string, string>> {
      const { body } = await client.get(customers, { query: { sort: "externalId" } });
      const fieldValue = (customer: Job, name: string) =>
        customer.fields.find((field: Job) => field.defaultId === name || field.label === name)?.value ?? "";
      return Object.fromEntries(
        body.data.map((job: Job) => [job.externalId, names.map((name) => fieldValue(job, name)).join(" ")]),
      );
    },
    /** Runs steps of an import, each as if the service stopped after it, until it reaches the state. */
    async stepUntil(id: string, phase: string, position = 0): Promise<void> {
      const { operator: _, service: pool, admin } = app.database;
      for (let step = 0; step < 100; step++) {
        const { rows } = await admin.query("select phase, position from customer_imports where id = $1", [
          id,
        ]);
        if (rows[0].phase === phase && rows[0].position === position) return;
        const stopping = new AbortController();
        const clock = () => {
          stopping.abort();
          return new Date();
        };
        const onError = (error: unknown) => {
          throw error;
        };
        const item = { enterpriseId: client.enterpriseId, importId: id };
        await runImport({ pool, clock, onError }, item, stopping.signal);
      }
      throw new Error(`It never comes to ${position} of ${phase}.`);
    },
  };
}
