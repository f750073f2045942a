import pg from "pg";

const idPattern = /^[0-9a-f]{24}$/;

/** No id has this value: a malformed id finds no row, as a well-formed unknown one does. */
const uuidOfNoId = "f".repeat(32);

/** An id as the database stores it: its 12 bytes and 4 zero bytes. For JSON; parameters are encoded by their type. */
export const uuidOf = (id: string): string => (idPattern.test(id) ? `${id}00000000` : uuidOfNoId);

/** The 24 hex digits of a uuid as PostgreSQL writes it. */
export const idOf = (uuid: string): string =>
  uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24, 28);

/** The key of an enterprise: the last 52 bits of its id, which a number holds exactly. */
export const enterpriseKeyOf = (id: string): number =>
  idPattern.test(id) ? Number.parseInt(id.slice(11), 16) : keyOfNoEnterprise;

const keyOfNoEnterprise = -1;
const integerPattern = /^-?\d{1,19}$/;

/** Changes a parameter for the type that its statement gives it. */
export type Encoder = (value: unknown) => unknown;

const encodeId: Encoder = (value) => (typeof value === "string" ? uuidOf(value) : value);

const encodeKey: Encoder = (value) =>
  typeof value === "string" && !integerPattern.test(value) ? enterpriseKeyOf(value) : value;

const ofEach =
  (encode: Encoder): Encoder =>
  (value) =>
    Array.isArray(value) ? value.map(encode) : value;

const { UUID, INT8 } = pg.types.builtins;
const uuidArray = 2951;
const int8Array = 1016;
const textArray: number = 1009;

const encoders = new Map<number, Encoder>([
  [UUID, encodeId],
  [uuidArray, ofEach(encodeId)],
  [INT8, encodeKey],
  [int8Array, ofEach(encodeKey)],
]);

/** The encoder of a parameter's type; undefined for types that hold no id. */
export const encoderOf = (type: number): Encoder | undefined => encoders.get(type);

const written = /([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})[0-9a-f]{8}/g;
const decodeIds = (array: string): string => (array === "{}" ? array : array.replace(written, "$1$2$3$4$5"));

const decoders = new Map<number, (text: string) => string>([
  [UUID, idOf],
  [uuidArray, decodeIds],
]);

/** Changes a value of the type, as PostgreSQL writes it, to ids; undefined for types that hold no id. */
export const decoderOf = (type: number): ((text: string) => string) | undefined => decoders.get(type);

const parseTexts = pg.types.getTypeParser(textArray) as (text: string) => unknown;

/** Parses a value of the type to an id or ids; undefined for types that hold no id. */
export function idParserOf(type: number): ((text: string) => unknown) | undefined {
  return type === uuidArray ? (text) => parseTexts(decodeIds(text)) : decoders.get(type);
}
