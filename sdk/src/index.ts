export { type Client, type ClientOptions, createClient } from "./client.ts";
export { ClienteleError, type Details } from "./error.ts";
export type { Answer, CallOptions, Input, Item, ListId } from "./operation.ts";
export type { RetryPolicy } from "./retry.ts";
