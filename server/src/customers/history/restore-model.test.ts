import { expect, inject, test } from "vitest";
import { Random } from "../../testing/model-call.ts";
import { RandomWrites, type State } from "../../testing/random-writes.ts";
import { type Answer, startApp } from "../../testing/start-app.ts";

const { scale, seed } = inject("random");
const sequences = 4 * scale;
const stepsEach = 25;
const restoresEach = 10;
const sequencesMax = 40;
const outcomes = ["absent", "recreated", "reverted", "taken"];

let now = new Date("2026-01-31T12:00:00Z");
const app = startApp({ clock: () => now });
const path = "/v1/enterprise-customers";

/** Every customer at a time, as stored and as answered. */
type Moment = { time: string; states: Map<string, State>; answers: Map<string, Record<string, unknown>> };

/** A random sequence of writes, with every state in between. */
class Sequence extends RandomWrites {
  private readonly moments: Moment[] = [];

  async step(): Promise<void> {
    now = new Date(now.getTime() + 1_000);
    await this.write();
    this.moments.push(await this.moment());
  }

  private async moment(): Promise<Moment> {
    const { body } = await this.client.get(path);
    return {
      time: now.toISOString().replace(".000", ""),
      states: await this.states(),
      answers: new Map(body.data.map((customer: { id: string }) => [customer.id, customer])),
    };
  }

  /** The part of a state that can be restored now. */
  private restorable({ values, tagIds, ...state }: State): State {
    return {
      ...state,
      values: Object.fromEntries(Object.entries(values).filter(([id]) => !this.deletedFields.has(id))),
      tagIds: tagIds.filter((id) => this.tagIds.includes(id)),
    };
  }

  /** Reads a past customer, restores it, and compares both with the recorded state. */
  async restoreAny(): Promise<string> {
    now = new Date(now.getTime() + 1_000);
    const then = this.random.of(this.moments);
    const ids = this.random.chance(0.8) && then.states.size > 0 ? [...then.states.keys()] : [...this.ids];
    const [id, before] = [this.random.of(ids), await this.moment()];
    const past = await this.client.get(`${path}/${id}/history`, { query: { as_of: then.time } });
    const answer = await this.client.post(`${path}/${id}/restore`, { as_of: then.time });
    const after = await this.moment();
    const context = `${id} as of ${then.time}: ${answer.text}`;
    const state = then.states.get(id);
    if (!state) {
      expect([past.status, answer.status, answer.body.errorCode], context).toEqual([
        404,
        400,
        "VERSION_UNKNOWN",
      ]);
      expect(after.states, context).toEqual(before.states);
      return "absent";
    }
    this.expectShown(past, then, id);
    const expected = this.restorable(state);
    const isTaken = [...before.states].some(
      ([other, held]) =>
        other !== id &&
        ((expected.externalId !== null && held.externalId === expected.externalId) ||
          (expected.importCustomerId !== null && held.importCustomerId === expected.importCustomerId) ||
          (expected.values[this.emailId] !== undefined &&
            held.values[this.emailId] === expected.values[this.emailId])),
    );
    if (isTaken) {
      expect(answer.status, context).toBe(409);
      expect(after.states, context).toEqual(before.states);
      return "taken";
    }
    expect(answer.status, context).toBe(200);
    expect(after.states.get(id), context).toEqual(expected);
    before.states.set(id, expected);
    expect(after.states, context).toEqual(before.states);
    expect(answer.body.data).toEqual(after.answers.get(id));
    const again = await this.client.post(`${path}/${id}/restore`, { as_of: then.time });
    expect([again.text, again.headers["etag"]], context).toEqual([answer.text, answer.headers["etag"]]);
    return before.answers.has(id) ? "reverted" : "recreated";
  }

  private expectShown(past: Answer, then: Moment, id: string): void {
    const {
      totalBookings: _,
      fields,
      updatedAt: __,
      ts: ___,
      ...shown
    } = then.answers.get(id) as Record<string, unknown>;
    const { customer } = past.body.data[0];
    expect(customer).toMatchObject(shown);
    // Deleted fields come last.
    const sorted = (all: unknown) =>
      (all as { id: string }[]).toSorted((one, other) => (one.id < other.id ? -1 : 1));
    expect(sorted(customer.fields)).toEqual(sorted(fields));
  }
}

test(`after any writes, any customer can be restored to any earlier time (seed ${seed})`, async () => {
  const random = new Random(seed);
  const seen = new Map<string, number>();
  // Ids are not seeded, so outcomes vary between runs: repeats until each outcome has occurred.
  for (let index = 0; index < sequences || (seen.size < outcomes.length && index < sequencesMax); index++) {
    const own = random.below(2 ** 31);
    const sequence = new Sequence(app, await app.client(), new Random(own));
    try {
      await sequence.begin();
      for (let step = 0; step < stepsEach; step++) await sequence.step();
      for (let turn = 0; turn < restoresEach; turn++) {
        const outcome = await sequence.restoreAny();
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }
    } catch (error) {
      throw new Error(`Sequence ${index} of seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
  expect([...seen.keys()].sort()).toEqual(outcomes);
}, 300_000);
