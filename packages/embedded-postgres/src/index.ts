export { EmbeddedDatabaseError } from "./error.ts";
export { joinEmbedded } from "./join.ts";
export { type EmbeddedDatabase, startEmbedded } from "./start.ts";
