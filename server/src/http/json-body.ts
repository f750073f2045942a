import { Problem } from "@clientele/contract/errors";

/** The value of a JSON body. Refuses what is not UTF-8 or not JSON, naming the place. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Problem("JSON_INVALID", {
      cause,
      faults: [{ in: "body", path: "", code: "JSON_INVALID", message: "is not valid JSON" }],
    });
  }
}
