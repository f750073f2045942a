import { fieldIdsOf } from "./fields.ts";
import type { Random } from "./model-call.ts";
import type { Client, TestApp } from "./start-app.ts";

const path = "/v1/enterprise-customers";

/** The journaled attributes of a customer, with values by field id. */
export type State = {
  externalId: string | null;
  importCustomerId: string | null;
  values: Record<string, unknown>;
  tagIds: string[];
  bookerId: string | null;
};

/** An enterprise that receives a random sequence of writes. */
export class RandomWrites {
  readonly app: TestApp;
  readonly client: Client;
  readonly random: Random;
  /** Every customer so far, also deleted ones. */
  readonly ids = new Set<string>();
  tagIds: string[] = [];
  emailId = "";
  readonly deletedFields = new Set<string>();
  private readonly fields = { text: "", options: "" };
  private readonly imports: string[] = [];

  constructor(app: TestApp, client: Client, random: Random) {
    this.app = app;
    this.client = client;
    this.random = random;
  }

  async begin(): Promise<void> {
    await this.createFields();
    for (const name of ["A", "B"]) this.tagIds.push(await this.create("/v1/customer-tags", { name }));
    this.emailId = (await this.client.patch(`${path}/customfields/email`, { is_unique: true })).body.data.id;
  }

  /** Makes one request, and completes the job that it starts. */
  async write(): Promise<void> {
    // An import creates the first customers.
    const possible = this.ids.size === 0 ? [[1, () => this.import()] as const] : this.writes;
    await this.random.of(
      possible.flatMap(([weight, write]) => new Array<() => Promise<unknown>>(weight).fill(write)),
    )();
    for (const id of (await this.states()).keys()) this.ids.add(id);
  }

  /** Every customer as stored. */
  async states(): Promise<Map<string, State>> {
    const { rows } = await this.app.database.admin.query<State & { id: string }>(
      `select id, external_id as "externalId", import_customer_id as "importCustomerId", values,
         tag_ids as "tagIds", booker_id as "bookerId" from customers where enterprise_id = $1`,
      [this.client.enterpriseId],
    );
    const fieldIds = await fieldIdsOf(this.app.database, this.client.enterpriseId);
    const byId = (values: State["values"]) =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [fieldIds.get(key), value]));
    return new Map(rows.map(({ id, values, ...state }) => [id, { ...state, values: byId(values) }]));
  }

  private create = async (at: string, body: object): Promise<string> =>
    (await this.client.post(at, body)).body.data.id;

  /** Creates those that do not exist. */
  private async createFields(): Promise<void> {
    const { fields } = this;
    const several = { label: "Several", type: "MULTI_SELECT", select_options: ["one", "two"] };
    fields.text ||= await this.create(`${path}/customfields`, { label: "Own", type: "TEXT" });
    fields.options ||= await this.create(`${path}/customfields`, several);
  }

  private anyOne = (): string => `${path}/${this.random.of([...this.ids])}`;

  private written(): Record<string, unknown> {
    const { random, fields } = this;
    const value = (id: string, pool: unknown[]) =>
      id !== "" && random.chance(0.4) ? [{ id, value: random.of(pool) }] : [];
    return {
      customfields: [
        ...value("firstName", ["Ann", "Bo", null]),
        ...value("email", ["a@x.example", "b@x.example", null]),
        ...value("mobilePhone", ["+4930123456", "+436601234567", null]),
        ...value("birthday", ["2000-02-29", null]),
        ...value(fields.text, ['a "b" \\', "{}", null]),
        ...value(fields.options, ['["one"]', '["two","one"]', null]),
      ],
      ...(random.chance(0.4) ? { external_id: random.of(["K-1", "K-2", null]) } : {}),
      ...(random.chance(0.4) ? { tag_ids: this.tagIds.filter(() => random.chance(0.5)) } : {}),
      ...(random.chance(0.4) ? { booker_id: random.of(["B-1", "B-2", null]) } : {}),
    };
  }

  private readonly writes: (readonly [weight: number, write: () => Promise<unknown>])[] = [
    [
      12,
      () =>
        this.client.post(path, { ...this.written(), import_customer_id: this.random.of(["I-1", "I-2", ""]) }),
    ],
    [24, () => this.client.patch(this.anyOne(), this.written())],
    [9, () => this.client.delete(this.anyOne())],
    [9, () => this.client.post(`${this.anyOne()}/restore`, { version: 1 + this.random.below(6) })],
    [6, () => this.client.post(`${this.anyOne()}/restore`, {})],
    [6, () => this.client.post(`${this.anyOne()}/events`, { start_date: "2026-01-01" })],
    [9, () => this.import()],
    [6, () => this.undo()],
    [1, () => this.client.delete(`/v1/customer-tags/${this.tagIds.pop()}`)],
    [2, () => this.deleteField()],
    [2, () => this.createFields()],
  ];

  private async import(): Promise<void> {
    const customers = Array.from({ length: 3 }, () => ({
      ...this.written(),
      ...(this.random.chance(0.5) ? { import_customer_id: this.random.of(["I-1", "I-2"]) } : {}),
    }));
    const body = { customers, match_on: ["external_id", "import_customer_id"] };
    const { body: made } = await this.client.post("/v1/customer-imports", body, { query: { again: "1" } });
    await this.app.work();
    this.imports.push(made.data.id);
  }

  private async undo(): Promise<void> {
    const id = this.imports.pop();
    if (id) await this.client.post(`/v1/customer-imports/${id}/undo`, {});
    await this.app.work();
  }

  private async deleteField(): Promise<void> {
    const name = this.random.of(["text", "options"] as const);
    if (this.fields[name] === "") return;
    await this.client.delete(`${path}/customfields/${this.fields[name]}`);
    this.deletedFields.add(this.fields[name]);
    this.fields[name] = "";
  }
}
