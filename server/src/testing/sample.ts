import type { TSchema } from "typebox";

type Schema = {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  pattern?: string;
  minimum?: number;
  required?: string[];
  properties?: Record<string, Schema>;
};

let sampleCount = 0;

/** A text for each pattern of the contract. */
const forms = [
  "0123456789abcdef01234567",
  "2030-01-02",
  "2030-01-02T03:04:05Z",
  "https://hooks.example.com/",
  "somebody@example.com",
];

/**
 * The smallest value that matches the schema, with new texts on each call. `known` has values by attribute name that
 * the schema alone does not determine; those are always included.
 */
export function sampleOf(schema: TSchema, known: Readonly<Record<string, unknown>> = {}): unknown {
  const it = schema as Schema;
  if (it.const !== undefined) return it.const;
  if (it.enum) return it.enum[0];
  if (it.anyOf) return sampleOf(it.anyOf[0] as TSchema, known);
  switch (it.type) {
    case "object": {
      const named = Object.entries(it.properties ?? {}).filter(
        ([name]) => it.required?.includes(name) || name in known,
      );
      return Object.fromEntries(
        named.map(([name, property]) => [
          name,
          name in known ? known[name] : sampleOf(property as TSchema, known),
        ]),
      );
    }
    case "array":
      return [];
    case "integer":
    case "number":
      return it.minimum ?? 1;
    case "boolean":
      return true;
    case "string": {
      if (it.pattern === undefined) return `sample ${++sampleCount}`;
      const pattern = new RegExp(it.pattern);
      const example = forms.find((form) => pattern.test(form));
      if (example === undefined) throw new Error(`No sample of ${it.pattern} is known.`);
      return example;
    }
    default:
      return null;
  }
}
