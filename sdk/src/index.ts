export type { Change, ChangesInput } from "./change-feed.ts";
export { type Client, type ClientOptions, createClient } from "./client.ts";
export { ClienteleError, type Details, type FieldError } from "./error.ts";
export type { FileBody, FileBytes } from "./file-body.ts";
export type { FileAnswer } from "./file-response.ts";
export { type FollowOptions, type ImportJob, isFinal } from "./follow-import.ts";
export type { Answer, CallOptions, Input, Item, ListId } from "./operation.ts";
export type { RetryPolicy } from "./retry.ts";
