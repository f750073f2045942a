import { Problem } from "@clientele/contract/errors";
import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import { jsonLimits, parseJson, rowsLimits } from "./parse.ts";

/** The reported errors: message by path. */
function refusalOf(body: string | Buffer, limits = jsonLimits): [string, Record<string, string>] {
  try {
    parseJson(Buffer.from(body as string), limits);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.code, Object.fromEntries(error.fieldErrors.map(({ path, message }) => [path, message]))];
  }
  throw new Error("It was accepted.");
}
const fieldErrorsOf = (body: string): Record<string, string> => refusalOf(body)[1];
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("a JSON body", () => {
  test("is what the engine makes of it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: "medium" }), (value) => {
        const text = JSON.stringify(value, (key, it) => (key === "__proto__" ? undefined : it));
        expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test("may begin with a byte order mark", () => {
    expect(parseJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
  });

  test.each([
    ['{"a":1,}', "line 1, column 8"],
    ['{"a":1\n "b":2}', "a comma is missing at line 2, column 2"],
    ["{'a':1}", "line 1, column 2"],
    ['{"a":1} x', "unexpected text at line 1, column 9"],
    ['{"a":"x', "a string is not closed at line 1, column 6"],
    ['{"a":01}', "line 1, column"],
    ['{"a":NaN}', "line 1, column 6"],
    ['// no\n{"a":1}', "there is a comment at line 1, column 1"],
    ['{"a":"x\ty"}', "a character must be escaped at line 1, column"],
    ['{"a":"\\x"}', "an escape is not valid at line 1, column"],
    ["]", "line 1, column 1"],
    [" ", "a value is missing at line 1, column"],
  ])("that is broken is refused where it breaks: %s", (body, place) => {
    const [code, fieldErrors] = refusalOf(body);
    expect(code).toBe("JSON_INVALID");
    expect(fieldErrors[""]).toContain(place);
  });

  test("that is a piece of a longer text is refused at the line of that text", () => {
    expect(() => parseJson(Buffer.from('{"a":1,\n}'), jsonLimits, 41)).toThrow(
      expect.objectContaining({
        fieldErrors: [expect.objectContaining({ message: expect.stringContaining("at line 42, column 1") })],
      }),
    );
  });

  test("that is not UTF-8 is refused at the byte", () => {
    const body = Buffer.concat([Buffer.from('{"a":"ü\ufffd'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(refusalOf(body)).toEqual(["JSON_INVALID", { "": "is not UTF-8 at byte 11" }]);
    const surrogate = Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]);
    expect(refusalOf(surrogate)[1][""]).toBe("is not UTF-8 at byte 1");
  });
});

describe("what the engine lets pass is refused with its place", () => {
  test("nesting past 32", () => {
    expect(parseJson(Buffer.from(nested(32)))).toBeDefined();
    const path = Array(32).fill("0").join(".");
    expect(fieldErrorsOf(nested(33))).toEqual({ [path]: "must not be nested deeper than 32 levels" });
    expect(fieldErrorsOf('{"a":'.repeat(33))).toHaveProperty([Array(32).fill("a").join(".")]);
    expect(fieldErrorsOf("[".repeat(1024 * 1024))).toHaveProperty([path]);
    expect(fieldErrorsOf("[1,".repeat(500_000))).toHaveProperty([Array(32).fill("1").join(".")]);
  });

  test("a key that comes twice", () => {
    expect(fieldErrorsOf('{"a":1,"b":{"c":[0,{"d":1,"d":2}]},"a":2}')).toEqual({
      "b.c.1.d": "is given more than once",
      a: "is given more than once",
    });
    expect(fieldErrorsOf('{"a":1,"\\u0061":2}')).toEqual({ a: "is given more than once" });
    expect(fieldErrorsOf('{"\\u0061":1,"a":2}')).toEqual({ a: "is given more than once" });
    const many = Array.from({ length: 200 }, (_, index) => `"k${index}":${index}`).join();
    expect(fieldErrorsOf(`{${many},"k7":0}`)).toEqual({ k7: "is given more than once" });
    expect(fieldErrorsOf(`{${many},"k199":0}`)).toEqual({ k199: "is given more than once" });
    expect(parseJson(Buffer.from('[{"a":{"a":1}},{"a":"a"}]'))).toBeDefined();
  });

  test("exactly the keys that come twice, however they are written", () => {
    const key = fc.constantFrom("a", "b", "\\u0061", "ü", "\\u00fc", "", "é", "constructor", "k\\\\", 'k\\"');
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 130 }),
        fc.array(fc.stringMatching(/^[a-z]{1,3}$/)),
        (some, more) => {
          const keys = [...some, ...more];
          const body = `{${keys.map((key) => `"${key}":0`).join()}}`;
          const meant = keys.map((key) => JSON.parse(`"${key}"`) as string);
          const repeated = meant.filter((value, index) => meant.indexOf(value) < index);
          if (repeated.length === 0) expect(parseJson(Buffer.from(body))).toBeDefined();
          else expect(Object.keys(fieldErrorsOf(body)).sort()).toEqual([...new Set(repeated)].sort());
        },
      ),
    );
  });

  test("a reach for the prototype", () => {
    expect(fieldErrorsOf('{"a":[{"__proto__":{}}]}')).toEqual({
      "a.0.__proto__": "is not a known attribute",
    });
    expect(fieldErrorsOf('{"\\u005f_proto__":1}')).toEqual({ ["__proto__"]: "is not a known attribute" });
    expect(fieldErrorsOf('{"constructor":{"prototype":{}}}')).toEqual({
      "constructor.prototype": "is not a known attribute",
    });
    expect(parseJson(Buffer.from('{"constructor":1,"prototype":"__proto__"}'))).toBeDefined();
  });

  test("U+0000 and half surrogate pairs, in values and keys", () => {
    expect(fieldErrorsOf('{"a":["x","\\u0000"]}')).toEqual({ "a.1": "must not contain U+0000" });
    expect(fieldErrorsOf('{"a":"\\ud800"}')).toEqual({ a: "must not contain an unpaired surrogate" });
    expect(fieldErrorsOf('{"a":"\\ud83d \\ude00"}')).toEqual({ a: "must not contain an unpaired surrogate" });
    expect(fieldErrorsOf('{"a":"\\ud83d\\ud83d"}')).toEqual({ a: "must not contain an unpaired surrogate" });
    expect(fieldErrorsOf('{"a\\udc00":1}')).toEqual({ "a\udc00": "must not contain an unpaired surrogate" });
    expect(parseJson(Buffer.from('{"a":"\\ud83d\\ude00","b":"\\\\u0000"}'))).toEqual({
      a: "😀",
      b: "\\u0000",
    });
  });

  test("numbers out of range", () => {
    expect(fieldErrorsOf('{"a":[1e400,-1E999]}')).toEqual({
      "a.0": "is outside the range of numbers",
      "a.1": "is outside the range of numbers",
    });
    expect(fieldErrorsOf(`[${"9".repeat(400)}]`)).toHaveProperty(["0"]);
    expect(parseJson(Buffer.from("[1e308,-0.5e-3,12]"))).toEqual([1e308, -0.5e-3, 12]);
  });

  test("more attributes than any body needs", () => {
    const row = `{${Array.from({ length: 1_000 }, (_, index) => `"k${index}":0`).join()}}`;
    const body = `[${Array(101).fill(row).join()}]`;
    expect(fieldErrorsOf(body)).toEqual({ "": "must have at most 100000 attributes in total" });
    expect(parseJson(Buffer.from(body), rowsLimits)).toHaveLength(101);
    const wide = `{"a":{${Array.from({ length: 10_001 }, (_, index) => `"k${index}":0`).join()}}}`;
    expect(refusalOf(wide, rowsLimits)[1]).toEqual({ a: "must have at most 10000 attributes" });
  });
});

test("bytes of any kind are a value or a refusal, nothing else", () => {
  const piece = fc.constantFrom(
    '"',
    "\\",
    "u",
    "0000",
    "d800",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "1",
    "e",
    "-",
    "a",
    " ",
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((value) => value.join("")),
      (body) => {
        try {
          parseJson(Buffer.from(body));
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      },
    ),
    { numRuns: 500 * inject("random").scale },
  );
  fc.assert(
    fc.property(fc.uint8Array(), (body) => {
      try {
        parseJson(Buffer.from(body));
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
      }
    }),
  );
});
