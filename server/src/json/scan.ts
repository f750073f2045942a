// biome-ignore-all lint/style/noNonNullAssertion: indexes stay within the buffers, and a check for each byte would double the time of a scan.
import { bodyError, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";

/** `keysMax` is of the whole body, `objectKeysMax` of one object in it. */
export type JsonLimits = { depthMax: number; keysMax: number; objectKeysMax: number };

/** `refused`: the body must not be parsed. */
export type JsonScan = { fieldErrors: FieldError[]; refused: boolean };

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const lowerU = 0x75;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const lowerE = 0x65;
const upperE = 0x45;
const fieldErrorsMax = 100;
/** Up to this many keys, comparing hashes one by one is faster than a set. */
const fewKeys = 64;
/** A number with fewer digits and without an exponent is always in range. */
const digitsSafe = 300;

/**
 * Finds what `JSON.parse` accepts and no later check can see, in one pass over the bytes: nesting, duplicate keys,
 * prototype keys, U+0000, lone surrogates, numbers out of range. It does not check the grammar: `JSON.parse` refuses
 * text that is not JSON.
 */
export function scanJson(bytes: Uint8Array, limits: JsonLimits): JsonScan {
  const { depthMax, keysMax, objectKeysMax } = limits;
  const fieldErrors: FieldError[] = [];
  const open = openLevels(bytes, depthMax);
  const { isObject, count, firstKey, keyHash, names } = open;
  let depth = 0;
  let keysInAll = 0;
  let keyNext = false;
  const end = bytes.length;

  for (let at = 0; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === quote) {
      const start = at + 1;
      let keyError: Reason | null = null;
      let escaped = false;
      let hash = 0;
      at = start;
      for (;;) {
        let inside = bytes[at];
        if (keyNext) {
          while (inside !== quote && inside !== backslash && inside !== undefined) {
            hash = (Math.imul(hash, 31) + inside) | 0;
            inside = bytes[++at];
          }
        } else {
          while (inside !== quote && inside !== backslash && inside !== undefined) inside = bytes[++at];
        }
        if (inside !== backslash) break;
        escaped = true;
        at++;
        if (bytes[at] === lowerU) {
          keyError ??= escapeTrouble(bytes, at);
          at += isPair(bytes, at) ? 10 : 4;
        }
        at++;
      }
      if (keyNext) {
        keyNext = false;
        if (++keysInAll > keysMax) return refusal("", reason("TOO_MANY_ATTRIBUTES_IN_ALL", { max: keysMax }));
        const known = count[depth]!;
        if (known === objectKeysMax)
          return refusal(pathOf(open, depth - 1), reason("TOO_MANY_ATTRIBUTES", { max: objectKeysMax }));
        const first = firstKey[depth]!;
        // `__proto__` and `prototype` have nine letters.
        let isNew = !escaped && known < fewKeys && at - start !== 9 && names[depth] === undefined;
        for (let index = first; isNew && index < first + known; index++) isNew = keyHash[index] !== hash;
        const why = isNew ? null : keyTrouble(open, depth, start, at, escaped);
        addKey(open, depth, start, at, hash);
        if (why !== null) addError(fieldErrors, pathOf(open, depth), why);
      }
      if (keyError !== null) addError(fieldErrors, pathOf(open, depth), keyError);
    } else if (byte === comma) {
      if (isObject[depth] === 1) keyNext = true;
      else count[depth]!++;
    } else if (byte === openObject || byte === openArray) {
      if (depth === depthMax) return refusal(pathOf(open, depth), reason("TOO_DEEP", { max: depthMax }));
      const nextKey = firstKey[depth]! + (isObject[depth] === 1 ? Math.min(count[depth]!, fewKeys + 1) : 0);
      depth++;
      keyNext = byte === openObject;
      isObject[depth] = keyNext ? 1 : 0;
      count[depth] = 0;
      firstKey[depth] = nextKey;
      names[depth] = undefined;
    } else if (byte === closeObject || byte === closeArray) {
      keyNext = false;
      if (--depth < 0) break;
    } else if (byte === minus || (byte >= zero && byte <= nine)) {
      const start = at;
      let large = false;
      for (at++; at < end; at++) {
        const inside = bytes[at]!;
        if (inside === lowerE || inside === upperE) large = true;
        else if (inside === comma || inside === closeObject || inside === closeArray || inside <= 0x20) break;
      }
      if ((large || at - start > digitsSafe) && Math.abs(Number(textOf(bytes, start, at))) === Infinity) {
        addError(fieldErrors, pathOf(open, depth), reason("NUMBER_OUT_OF_RANGE"));
      }
      at--;
    }
  }
  return { fieldErrors, refused: false };
}

const errorAt = (path: string, why: Reason): FieldError => bodyError(path, "REQUEST_INVALID", why);
const refusal = (path: string, why: Reason): JsonScan => ({
  fieldErrors: [errorAt(path, why)],
  refused: true,
});
const addError = (fieldErrors: FieldError[], path: string, why: Reason): void => {
  if (fieldErrors.length < fieldErrorsMax) fieldErrors.push(errorAt(path, why));
};

/** The open lists and objects by depth, and the keys that each object has so far. */
type OpenLevels = ReturnType<typeof openLevels>;

/** Reused between texts: allocating and clearing them takes longer than scanning a short line. */
let spareLevels: ReturnType<typeof makeLevels> | undefined;

function openLevels(bytes: Uint8Array, depthMax: number) {
  if (spareLevels?.depthMax !== depthMax) spareLevels = makeLevels(depthMax);
  spareLevels.isObject[0] = 0;
  spareLevels.count[0] = 0;
  spareLevels.firstKey[0] = 0;
  return { bytes, ...spareLevels };
}

function makeLevels(depthMax: number) {
  const levels = depthMax + 1;
  const keys = levels * (fewKeys + 1);
  return {
    depthMax,
    isObject: new Uint8Array(levels),
    /** The index in a list, or the number of keys in an object. */
    count: new Int32Array(levels),
    /** The range of an object's keys in the next three arrays. */
    firstKey: new Int32Array(levels),
    keyHash: new Int32Array(keys),
    keyStart: new Int32Array(keys),
    keyEnd: new Int32Array(keys),
    /** All keys of an object whose hashes collide. */
    names: new Array<Set<string> | undefined>(levels),
  };
}

/** Beyond this number only the last key is stored beside the names, for the path. */
function addKey(open: OpenLevels, depth: number, start: number, end: number, hash: number): void {
  const known = open.count[depth]!;
  const index = open.firstKey[depth]! + Math.min(known, fewKeys);
  open.keyHash[index] = hash;
  open.keyStart[index] = start;
  open.keyEnd[index] = end;
  open.count[depth] = known + 1;
}

const keyAt = ({ bytes, keyStart, keyEnd }: OpenLevels, index: number): string =>
  textOf(bytes, keyStart[index]!, keyEnd[index]!);

const lastKey = (open: OpenLevels, depth: number): string =>
  keyAt(open, open.firstKey[depth]! + Math.min(open.count[depth]!, fewKeys + 1) - 1);

function pathOf(open: OpenLevels, depth: number): string {
  const parts: string[] = [];
  for (let level = 1; level <= depth; level++) {
    if (open.isObject[level] === 0) parts.push(String(open.count[level]));
    else if (open.count[level]! > 0) parts.push(lastKey(open, level));
  }
  return parts.join(".");
}

/** The error in an object's key, compared by name. After an escaped key, all keys of the object are compared. */
function keyTrouble(
  open: OpenLevels,
  depth: number,
  start: number,
  end: number,
  escaped: boolean,
): Reason | null {
  const name = textOf(open.bytes, start, end);
  const known = open.count[depth]!;
  let names = open.names[depth];
  if (!names) {
    names = new Set();
    const first = open.firstKey[depth]!;
    for (let index = first; index < first + Math.min(known, fewKeys); index++) names.add(keyAt(open, index));
    if (known >= fewKeys || escaped) open.names[depth] = names;
  }
  if (names.has(name)) return reason("GIVEN_TWICE");
  names.add(name);
  const reachesUp =
    name === "__proto__" || (name === "prototype" && depth > 1 && isConstructor(open, depth - 1));
  return reachesUp ? reason("ATTRIBUTE_UNKNOWN") : null;
}

const isConstructor = (open: OpenLevels, depth: number): boolean =>
  open.isObject[depth] === 1 && lastKey(open, depth) === "constructor";

function unitAt(bytes: Uint8Array, at: number): number {
  const digits = String.fromCharCode(...bytes.subarray(at, at + 4));
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}

/** `\uD83D\uDE00`, with `at` at the first `u`. */
function isPair(bytes: Uint8Array, at: number): boolean {
  const high = unitAt(bytes, at + 1);
  if (high < 0xd800 || high > 0xdbff || bytes[at + 5] !== backslash || bytes[at + 6] !== lowerU) return false;
  const low = unitAt(bytes, at + 7);
  return low >= 0xdc00 && low <= 0xdfff;
}

function escapeTrouble(bytes: Uint8Array, at: number): Reason | null {
  const unit = unitAt(bytes, at + 1);
  if (unit === 0) return reason("NUL_CHARACTER");
  const isHalf = unit >= 0xd800 && unit <= 0xdfff && !isPair(bytes, at);
  return isHalf ? reason("HALF_SURROGATE_PAIR") : null;
}

/** The decoded string; on broken text, the raw one. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  const written = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
  if (!written.includes("\\")) return written;
  try {
    return JSON.parse(`"${written}"`);
  } catch {
    return written;
  }
}
