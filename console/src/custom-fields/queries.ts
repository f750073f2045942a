import { queryOptions } from "@tanstack/react-query";
import { useCallback } from "react";
import { client } from "../session/client.ts";
import { useDefaultNames } from "./default-names.ts";
import type { Category, Field } from "./definitions.ts";

/** Every field, those that are not in use too, in the order of the definitions, named as the service does. */
export const fieldsQuery = queryOptions({
  queryKey: ["fields"],
  queryFn: async ({ signal }) => (await client.listCustomFields({}, { signal })).data,
  staleTime: 60_000,
});

export const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  queryFn: async ({ signal }) => (await client.listCategories({}, { signal })).data,
  staleTime: 60_000,
});

/** The fields as people read them: whatever names a field on a page asks for these. */
export function useFieldsQuery() {
  const { fieldNamed } = useDefaultNames();
  const select = useCallback((fields: Field[]) => fields.map(fieldNamed), [fieldNamed]);
  return { ...fieldsQuery, select };
}

/** The categories as people read them. */
export function useCategoriesQuery() {
  const { categoryNamed } = useDefaultNames();
  const select = useCallback((categories: Category[]) => categories.map(categoryNamed), [categoryNamed]);
  return { ...categoriesQuery, select };
}
