import type { OperationId } from "@clientele/contract";
import type { Customer, Expected, Model } from "./model.ts";
import type { Answer } from "./start-app.ts";

/** One call of a sequence: the request, and the model's result given the response. */
export type ModelCall = {
  operation: OperationId;
  method: string;
  path: string;
  body?: unknown;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** The part of the response that the model predicts. */
  seen?(data: Answer["body"]): unknown;
  expect(answer: Answer): Expected;
  /** The customer whose ETag the response has. */
  tagged?: Customer;
};

export class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  /** mulberry32 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  below = (count: number): number => Math.floor(this.next() * count);
  chance = (of: number): boolean => this.next() < of;
  of = <T>(items: readonly T[]): T => items[this.below(items.length)]!;
}

export const customersPath = "/v1/enterprise-customers";
export const missingId = "0123456789abcdef01234567";

/** The id that the response reports as new. */
export const idIn = ({ body }: Answer): string => body?.data?.id ?? "";

/** `etags` are the valid ones, by customer. */
type Maker = (
  model: Model,
  random: Random,
  etags: ReadonlyMap<string, string>,
) => Omit<ModelCall, "operation">;
export type Makers = Partial<Record<OperationId, { weight: number; make: Maker }>>;
