import { expect, inject, test } from "vitest";
import { Random } from "../testing/model-call.ts";
import { RandomWrites, type State } from "../testing/random-writes.ts";
import { startApp } from "../testing/start-app.ts";

const { scale, seed } = inject("random");
const sequences = 4 * scale;
const stepsEach = 40;

const app = startApp();

type Entry = { kind: string; before: object | null; after: object | null };

/** A random sequence of writes, with the entries that the feed must have. */
class Sequence extends RandomWrites {
  private readonly expected = new Map<string, Entry[]>();
  private readonly tagNames = new Map<string, string>();
  private last = new Map<string, State>();

  override async begin(): Promise<void> {
    await super.begin();
    for (const [index, id] of this.tagIds.entries()) this.tagNames.set(id, ["A", "B"][index]!);
  }

  async step(): Promise<void> {
    await this.write();
    const states = await this.states();
    for (const id of new Set([...this.last.keys(), ...states.keys()])) {
      const entry = this.entryOf(this.last.get(id), states.get(id));
      if (entry) this.expected.set(id, [...(this.expected.get(id) ?? []), entry]);
    }
    this.last = states;
  }

  private entryOf(before: State | undefined, after: State | undefined): Entry | null {
    const [was, is] = [before && this.shown(before), after && this.shown(after)];
    if (was === undefined || is === undefined)
      return was || is ? { kind: is ? "created" : "deleted", before: was ?? null, after: is ?? null } : null;
    const differing = <T extends object>(one: T, other: T) =>
      [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
        (name) => JSON.stringify(one[name as keyof T]) !== JSON.stringify(other[name as keyof T]),
      );
    const names = differing(was, is);
    if (names.length === 0) return null;
    const fieldIds = differing(was.fields, is.fields);
    const part = (state: typeof was) => ({
      ...Object.fromEntries(names.map((name) => [name, state[name as keyof typeof state]])),
      ...(fieldIds.length > 0 && {
        fields: Object.fromEntries(fieldIds.map((id) => [id, state.fields[id] ?? null])),
      }),
    });
    return { kind: "updated", before: part(was), after: part(is) };
  }

  private shown({ values, tagIds, ...state }: State) {
    const tags = tagIds.map((id) => ({ id, name: this.tagNames.get(id) }));
    return { ...state, tags, fields: values };
  }

  /** Reads the feed from the beginning in pages of any length. */
  async compare(): Promise<void> {
    const seen = new Map<string, Entry[]>();
    let query: Record<string, string> = { from: "beginning" };
    for (let isCaughtUp = false; !isCaughtUp; ) {
      const limit = String(1 + this.random.below(50));
      const { status, body } = await this.client.get("/v1/customer-changes", {
        query: { ...query, limit, subject: "customer" },
      });
      expect(status, JSON.stringify(body)).toBe(200);
      for (const { subjectId, kind, before, after } of body.data.changes)
        seen.set(subjectId, [...(seen.get(subjectId) ?? []), { kind, before, after }]);
      query = { cursor: body.data.nextCursor };
      isCaughtUp = body.data.isCaughtUp;
    }
    expect(seen).toEqual(this.expected);
  }
}

test(`the feed has the change that each write made, whatever came later (seed ${seed})`, async () => {
  const random = new Random(seed);
  for (let index = 0; index < sequences; index++) {
    const sequence = new Sequence(app, await app.client(), new Random(random.below(2 ** 31)));
    try {
      await sequence.begin();
      for (let step = 0; step < stepsEach; step++) {
        await sequence.step();
        if (sequence.random.chance(0.1)) await sequence.compare();
      }
      await sequence.compare();
    } catch (error) {
      throw new Error(`Sequence ${index} of seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
}, 300_000);
