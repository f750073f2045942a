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

let samples = 0;

/** One example for each pattern of the contract. */
const forms = [
  "0123456789abcdef01234567",
  "2030-01-02",
  "2030-01-02T03:04:05Z",
  "https://hooks.example.com/",
  "somebody@example.com",
];

/**
 * The smallest value that fits the schema; its texts differ between calls. `known` holds values, by attribute name,
 * that the schema does not determine; these attributes are always present.
 */
export function sampleOf(schema: TSchema, known: Readonly<Record<string, unknown>> = {}): unknown {
  const described = schema as Schema;
  if (described.const !== undefined) return described.const;
  if (described.enum) return described.enum[0];
  if (described.anyOf) return sampleOf(described.anyOf[0] as TSchema, known);
  switch (described.type) {
    case "object": {
      const named = Object.entries(described.properties ?? {}).filter(
        ([name]) => described.required?.includes(name) || name in known,
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
      return described.minimum ?? 1;
    case "boolean":
      return true;
    case "string": {
      if (described.pattern === undefined) return `sample ${++samples}`;
      const pattern = new RegExp(described.pattern);
      const example = forms.find((form) => pattern.test(form));
      if (example === undefined) throw new Error(`There is no sample for the pattern ${described.pattern}.`);
      return example;
    }
    default:
      return null;
  }
}
