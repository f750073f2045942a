import type { FieldType } from "@clientele/contract/custom-fields";

export type DefaultField = {
  defaultId: string;
  type: FieldType;
  label: string;
  options?: readonly [string, string][];
};

export const defaultCategoryName = "Customer essentials";

/** The initial fields of every enterprise. A `defaultId` never changes. */
export const defaultFields: readonly DefaultField[] = [
  {
    defaultId: "salutation",
    type: "SELECT",
    label: "Salutation",
    options: [
      ["mr", "Mr"],
      ["mrs", "Mrs"],
      ["ms", "Ms"],
      ["mx", "Mx"],
      ["dr", "Dr"],
    ],
  },
  { defaultId: "firstName", type: "TEXT", label: "First name" },
  { defaultId: "lastName", type: "TEXT", label: "Last name" },
  { defaultId: "companyName", type: "TEXT", label: "Company" },
  { defaultId: "email", type: "EMAIL", label: "E-mail" },
  { defaultId: "mobilePhone", type: "PHONE", label: "Mobile phone" },
  { defaultId: "landlinePhone", type: "PHONE", label: "Landline phone" },
  { defaultId: "street", type: "TEXT", label: "Street" },
  { defaultId: "zipcode", type: "TEXT", label: "Zip code" },
  { defaultId: "city", type: "TEXT", label: "City" },
  { defaultId: "country", type: "TEXT", label: "Country" },
  { defaultId: "birthday", type: "DATE", label: "Birthday" },
  { defaultId: "notes", type: "TEXTAREA", label: "Notes" },
];
