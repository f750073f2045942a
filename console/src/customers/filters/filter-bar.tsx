import { Button, Group, Loader, Pill } from "@mantine/core";
import { IconFilterPlus } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { companiesQuery } from "../../companies/queries.ts";
import { useFieldsQuery } from "../../custom-fields/queries.ts";
import { Dialog } from "../../shell/dialog.tsx";
import { tagsQuery } from "../../tags/queries.ts";
import classes from "../customers-page.module.css";
import type { CustomerFilters } from "../customers-search.ts";
import { type Condition, conditionsOf, filtersFrom, keyOf } from "./conditions.ts";
import { useConditionText } from "./use-condition-text.ts";

const ConditionForm = lazy(async () => ({ default: (await import("./condition-form.tsx")).ConditionForm }));

type Props = { filters: CustomerFilters; onFilters: (filters: CustomerFilters) => void };

/** Active conditions as removable pills, and a button to add one. */
export function FilterBar({ filters, onFilters }: Props) {
  const t = useTranslations("customers.table.filters");
  const fields = useSuspenseQuery(useFieldsQuery()).data;
  const tags = useSuspenseQuery(tagsQuery).data;
  // Branch names are loaded only if a condition needs them.
  const companies = useQuery({ ...companiesQuery, enabled: filters.company_ids !== undefined }).data;
  const textOf = useConditionText(fields, tags, companies);
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  const conditions = conditionsOf(filters);
  const apply = (next: readonly Condition[]) => onFilters(filtersFrom(filters.q, next));
  return (
    <Group gap="xs" role="group" aria-label={t("label")}>
      <Button
        variant="default"
        leftSection={<IconFilterPlus size={16} aria-hidden />}
        onClick={() => setIsOpen(true)}
      >
        {t("add")}
      </Button>
      <Dialog
        opened={isOpen}
        onClose={close}
        title={t("add")}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Suspense fallback={<Loader size="sm" aria-label={t("loading")} />}>
          <ConditionForm
            fields={fields}
            tags={tags}
            onAdd={(condition) => {
              apply([...conditions, condition]);
              close();
            }}
          />
        </Suspense>
      </Dialog>
      {conditions.map((condition) => (
        <Pill
          key={keyOf(condition)}
          size="lg"
          className={classes.condition!}
          withRemoveButton
          onRemove={() => apply(conditions.filter((other) => other !== condition))}
          removeButtonProps={{
            "aria-label": t("remove", { condition: textOf(condition) }),
            "aria-hidden": false,
            tabIndex: 0,
            size: 24,
          }}
        >
          {textOf(condition)}
        </Pill>
      ))}
      {conditions.length > 1 && (
        <Button variant="subtle" size="compact-sm" onClick={() => apply([])}>
          {t("clear")}
        </Button>
      )}
    </Group>
  );
}
