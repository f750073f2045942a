import { useQuery } from "@tanstack/react-query";
import { useDefaultNames } from "./default-names.ts";
import { fieldsQuery } from "./queries.ts";

/** What people call the field that a sentence of the service calls by its label. */
export function useNameOfLabel(): (label: string) => string {
  const { data: fields } = useQuery(fieldsQuery);
  const { fieldNamed } = useDefaultNames();
  return (label) => {
    const field = fields?.find((it) => it.label === label);
    return field ? fieldNamed(field).label : label;
  };
}
