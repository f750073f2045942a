import { Badge, Button, Group, Paper, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useCategoriesQuery, useFieldsQuery } from "../../custom-fields/queries.ts";
import type { ImportColumn } from "../queries.ts";
import { type Choice, isDecidable, type Mapping, undecided } from "./mapping.ts";

const attributes = ["id", "external_id", "import_customer_id", "booker_id", "tags"] as const;
/** SELECT is missing: its options have to be created on the fields page first. */
const newTypes = ["TEXT", "TEXTAREA", "EMAIL", "PHONE", "DATE", "NUMBER", "CHECKBOX", "URL"] as const;
const leaveOut = "-";
const create = "+";

type Props = {
  columns: readonly ImportColumn[];
  mapping: Mapping;
  /** Null makes the form read-only. */
  onChange: ((mapping: Mapping) => void) | null;
  /** Errors by column: `#` and its number. */
  fieldErrors: ReadonlyMap<string, string>;
};

/** Maps each column of the file to a field and shows sample values. */
export function ColumnsForm({ columns, mapping, onChange, fieldErrors }: Props) {
  const t = useTranslations("imports.columns");
  const choices = useChoices();
  const open = undecided(columns, mapping);
  const set = (position: number, choice: Choice) => onChange?.({ ...mapping, [position]: choice });
  return (
    <Stack gap="xs">
      {onChange && open.length > 0 && (
        <Group>
          <Text size="sm">{t("unmappedCount", { count: open.length })}</Text>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() =>
              onChange({ ...mapping, ...Object.fromEntries(open.map(({ position }) => [position, null])) })
            }
          >
            {t("skipRest")}
          </Button>
        </Group>
      )}
      <Stack gap="xs" component="ul" p={0} m={0} aria-label={t("title")}>
        {columns.map((column) => (
          <Paper withBorder p="xs" component="li" key={column.position} style={{ listStyle: "none" }}>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
              <ColumnHead column={column} isChanged={mapping[column.position] !== column.target} />
              {isDecidable(column) ? (
                <ColumnTarget
                  column={column}
                  choice={mapping[column.position]}
                  choices={choices}
                  fieldError={fieldErrors.get(`#${column.position}`) ?? fieldErrors.get(column.heading)}
                  onChange={onChange && ((choice) => set(column.position, choice))}
                />
              ) : (
                <Text size="sm" c="dimmed">
                  {t(`ignored.${column.ignored === "report" ? "report" : "readOnly"}`)}
                </Text>
              )}
            </SimpleGrid>
          </Paper>
        ))}
      </Stack>
    </Stack>
  );
}

function ColumnHead({ column, isChanged }: { column: ImportColumn; isChanged: boolean }) {
  const t = useTranslations("imports.columns");
  const { heading, position, samples, foundBy, creates } = column;
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Text fw={600} size="sm">
          {heading.trim() === "" ? t("noHeading", { position }) : heading}
        </Text>
        {foundBy !== null && foundBy !== "given" && !isChanged && !creates && (
          <Badge size="xs" variant="default" tt="none">
            {t(`foundBy.${foundBy}`)}
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed" lineClamp={2}>
        {samples.length === 0 ? t("noSamples") : t("samples", { samples: samples.join(" · ") })}
      </Text>
    </Stack>
  );
}

type TargetProps = {
  column: ImportColumn;
  choice: Choice | undefined;
  choices: ReturnType<typeof useChoices>;
  fieldError: string | undefined;
  onChange: ((choice: Choice) => void) | null;
};

function ColumnTarget({ column, choice, choices, fieldError, onChange }: TargetProps) {
  const t = useTranslations("imports.columns");
  const name = column.heading.trim() === "" ? t("noHeading", { position: column.position }) : column.heading;
  const newField = typeof choice === "object" && choice !== null ? choice.create : null;
  const value =
    choice === undefined ? null : newField ? create : choice === null ? leaveOut : (choice as string);
  const choose = (chosen: string | null) => {
    if (chosen === null) return;
    if (chosen !== create) onChange?.(chosen === leaveOut ? null : chosen);
    else onChange?.({ create: { label: column.heading.trim(), type: "TEXT" } });
  };
  return (
    <Stack gap="xs">
      <Select
        size="sm"
        aria-label={t("target", { column: name })}
        placeholder={t("choose")}
        data={choices}
        value={value}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t("noMatch")}
        disabled={onChange === null}
        error={fieldError ?? (choice === undefined && onChange !== null ? t("unmapped") : undefined)}
        onChange={choose}
      />
      {newField && (
        <SimpleGrid cols={2} spacing="xs">
          <TextInput
            size="sm"
            label={t("newLabel")}
            value={newField.label}
            required
            withAsterisk={false}
            disabled={onChange === null}
            onChange={({ currentTarget }) =>
              onChange?.({ create: { ...newField, label: currentTarget.value } })
            }
          />
          <Select
            size="sm"
            label={t("newType")}
            data={newTypes.map((type) => ({ value: type, label: t(`types.${type}`) }))}
            value={newField.type}
            allowDeselect={false}
            disabled={onChange === null}
            onChange={(type) => onChange?.({ create: { ...newField, type: type ?? "TEXT" } })}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}

/** Mapping targets: skip, new field, fields by category, other attributes. */
function useChoices() {
  const t = useTranslations("imports.columns");
  const { data: fields = [] } = useQuery(useFieldsQuery());
  const { data: categories = [] } = useQuery(useCategoriesQuery());
  const inUse = fields.filter(({ isActive }) => isActive);
  return [
    { value: leaveOut, label: t("skip") },
    { value: create, label: t("create") },
    ...categories.map(({ id, name }) => ({
      group: name,
      items: inUse
        .filter(({ categoryId }) => categoryId === id)
        .map((field) => ({ value: field.id, label: field.label })),
    })),
    {
      group: t("attributes.title"),
      items: attributes.map((attribute) => ({ value: attribute, label: t(`attributes.${attribute}`) })),
    },
  ];
}
