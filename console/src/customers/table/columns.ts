import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type { Field } from "../../custom-fields/definitions.ts";

/** What the table can show of a customer beside the enterprise's fields. */
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

/** A column that the table can have: its id is an attribute of the list or a field's id, as `fields` and `sort` name it. */
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

/** Every column that there can be: names first, then the fields in their order, then the rest. */
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

/** The columns of an enterprise that nobody has arranged yet. */
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
