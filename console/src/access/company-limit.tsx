import { MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { companiesQuery } from "../companies/queries.ts";
import { useMe } from "../session/me.ts";

type Limit = readonly string[] | null;
type Props = { label: string; description: string; value: Limit; onChange: (limit: Limit) => void };

/** Branches that a person, app or webhook is limited to; an empty selection is no limit. Hidden without branches. */
export function CompanyLimit({ label, description, value, onChange }: Props) {
  const t = useTranslations("access.limit");
  const { data: companies = [] } = useQuery(companiesQuery);
  const { companyIds } = useMe();
  if (companies.length === 0) return null;
  return (
    <MultiSelect
      label={label}
      description={description}
      placeholder={value === null ? t("all") : ""}
      data={companies.map(({ id, name }) => ({ value: id, label: name }))}
      value={[...(value ?? [])]}
      onChange={(ids) => onChange(ids.length === 0 ? null : ids)}
      required={companyIds !== null}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("clear"), tabIndex: 0 }}
      hidePickedOptions
    />
  );
}

/** The names of the branches in a limit, or "All branches". */
export function useLimitText(): (limit: Limit) => string {
  const t = useTranslations("access.limit");
  const format = useFormatter();
  const { data: companies = [] } = useQuery(companiesQuery);
  const nameOf = (id: string) => companies.find((company) => company.id === id)?.name ?? t("unknown");
  return (limit) => (limit === null ? t("all") : format.list(limit.map(nameOf)));
}
