export type { Change, ChangesInput } from "./changes.ts";
export { type Client, type ClientOptions, createClient } from "./client.ts";
export { ClienteleError, type Details } from "./error.ts";
export type { FileAnswer } from "./file-answer.ts";
export type { FileBody, FileBytes } from "./file-body.ts";
export { type FollowOptions, type ImportJob, isFinal } from "./follow.ts";
export type { Answer, CallOptions, Input, Item, ListId } from "./operation.ts";
export type { RetryPolicy } from "./retry.ts";
