import { queryOptions } from "@tanstack/react-query";
import { useCallback } from "react";
import { client } from "../session/client.ts";
import { useDefaultNames } from "./default-names.ts";
import type { Category, Field } from "./definitions.ts";

/** All fields, including inactive ones, in display order and with their original names. */
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

/** Fields with translated default names, for display. */
export function useFieldsQuery() {
  const { fieldNamed } = useDefaultNames();
  const select = useCallback((fields: Field[]) => fields.map(fieldNamed), [fieldNamed]);
  return { ...fieldsQuery, select };
}

/** Categories with translated default names, for display. */
export function useCategoriesQuery() {
  const { categoryNamed } = useDefaultNames();
  const select = useCallback((categories: Category[]) => categories.map(categoryNamed), [categoryNamed]);
  return { ...categoriesQuery, select };
}
