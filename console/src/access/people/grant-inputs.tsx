import type { Item } from "@clientele/sdk";
import { Radio, Stack } from "@mantine/core";
import { useTranslations } from "use-intl";
import { CompanyLimit } from "../company-limit.tsx";

export type Grant = Pick<Item<"listPeople">, "role" | "companyIds">;

const roles = ["viewer", "editor", "administrator"] as const;

export function GrantInputs({ grant, onChange }: { grant: Grant; onChange: (grant: Grant) => void }) {
  const t = useTranslations("access.people");
  return (
    <>
      <Radio.Group
        label={t("role")}
        value={grant.role}
        onChange={(role) => onChange({ ...grant, role: role as Grant["role"] })}
      >
        <Stack gap="xs" mt="xs">
          {roles.map((role) => (
            <Radio
              key={role}
              value={role}
              label={t(`roles.${role}`)}
              description={t(`roleDescriptions.${role}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <CompanyLimit
        label={t("companies")}
        description={t("companiesHint")}
        value={grant.companyIds}
        onChange={(companyIds) => onChange({ ...grant, companyIds: companyIds && [...companyIds] })}
      />
    </>
  );
}
