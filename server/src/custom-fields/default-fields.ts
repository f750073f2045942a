import { type DefaultFieldId, defaultFieldIds, type FieldType } from "@clientele/contract/custom-fields";
import { defaultLabels } from "./default-labels.ts";

export type DefaultField = {
  defaultId: string;
  type: FieldType;
  label: string;
  options?: readonly (readonly [value: string, label: string])[];
};

export const defaultCategoryName = "Customer essentials";

const definitions = {
  salutation: {
    type: "SELECT",
    options: [
      ["mr", "Mr"],
      ["mrs", "Mrs"],
      ["ms", "Ms"],
      ["mx", "Mx"],
      ["dr", "Dr"],
    ],
  },
  firstName: { type: "TEXT" },
  lastName: { type: "TEXT" },
  companyName: { type: "TEXT" },
  email: { type: "EMAIL" },
  mobilePhone: { type: "PHONE" },
  landlinePhone: { type: "PHONE" },
  street: { type: "TEXT" },
  zipcode: { type: "TEXT" },
  city: { type: "TEXT" },
  country: { type: "TEXT" },
  birthday: { type: "DATE" },
  notes: { type: "TEXTAREA" },
} satisfies Record<DefaultFieldId, Pick<DefaultField, "type" | "options">>;

/** The fields that every enterprise has, in their initial order. */
export const defaultFields: readonly DefaultField[] = defaultFieldIds.map((defaultId) => ({
  defaultId,
  label: defaultLabels[defaultId].en[0],
  ...definitions[defaultId],
}));
