import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type { Field } from "../../custom-fields/definitions.ts";

/** Columns for attributes other than custom fields. */
const attributes = [
  { id: "fullName", width: 220, isSortable: true },
  { id: "phone", width: 170, isSortable: false },
  { id: "tags", width: 200, isSortable: false },
  { id: "totalBookings", width: 110, isSortable: true },
  { id: "lastBookingAt", width: 150, isSortable: false },
  { id: "externalId", width: 140, isSortable: true },
  { id: "createdAt", width: 130, isSortable: true },
  { id: "updatedAt", width: 130, isSortable: true },
] as const;

type Attribute = (typeof attributes)[number]["id"];

/** A table column. Its id is an attribute or field id, as `fields` and `sort` expect. */
export type Column = {
  id: string;
  label: string;
  width: number;
  isSortable: boolean;
} & ({ attribute: Attribute; field: null } | { attribute: null; field: Field });

const fieldWidths: Partial<Record<Field["type"], number>> = {
  EMAIL: 230,
  TEXTAREA: 260,
  CHECKBOX: 110,
  NUMBER: 120,
  DATE: 130,
};

/** All available columns: names first, then fields in their order, then the rest. */
export function useColumns(fields: readonly Field[] | undefined): readonly Column[] {
  const t = useTranslations("customers.table.columns");
  return useMemo(() => {
    const [name, phone, tags, ...others] = attributes.map(
      (attribute): Column => ({ ...attribute, label: t(attribute.id), attribute: attribute.id, field: null }),
    );
    const ofFields = (fields ?? [])
      .filter(({ isActive }) => isActive)
      .map(
        (field): Column => ({
          id: field.id,
          label: field.label,
          width: fieldWidths[field.type] ?? 160,
          isSortable: true,
          attribute: null,
          field,
        }),
      );
    return [name!, phone!, ...ofFields, tags!, ...others];
  }, [fields, t]);
}

/** Default columns. */
const shownByDefault = new Set<string>([
  "fullName",
  "phone",
  "companyName",
  "email",
  "city",
  "tags",
  "totalBookings",
  "updatedAt",
]);

export const isShownByDefault = ({ id, field }: Column): boolean =>
  shownByDefault.has(field?.defaultId || id);
