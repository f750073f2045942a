import { SimpleGrid, Stack, TagsInput, TextInput, Title } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { Field } from "../../../custom-fields/definitions.ts";
import { useCategoriesQuery, useFieldsQuery } from "../../../custom-fields/queries.ts";
import { holderIn, useValueErrorText } from "../../../custom-fields/value-error-text.ts";
import { FieldInput } from "../../../custom-fields/values/field-input.tsx";
import type { FieldErrors } from "../../../errors/field-errors.ts";
import { TextLink } from "../../../shell/text-link.tsx";
import { tagsQuery } from "../../../tags/queries.ts";
import { externalIdKey, tagsKey, type Value } from "./draft.ts";
import classes from "./draft-fields.module.css";

type DraftControl = {
  draft: Readonly<Record<string, Value>>;
  valueAt: (key: string) => Value;
  change: (key: string, value: Value) => void;
  revert: (key: string) => void;
};

type Props = { control: DraftControl; fieldErrors: FieldErrors };

/** The DOM id of the input for a draft key. */
const inputId = (key: string): string => `customer-${key}`;

/** Focuses the first input with an error. */
export function focusError(fieldErrors: FieldErrors): void {
  const wrong = new Set(Object.keys(fieldErrors).map(inputId));
  const inputs = document.querySelectorAll<HTMLElement>("[id^=customer-]");
  const first = [...inputs].find(({ id }) => wrong.has(id));
  (first?.querySelector<HTMLElement>("input") ?? first)?.focus();
}

/** Inputs for all editable data: fields by category, tags and external ID. */
export function DraftFields({ control, fieldErrors }: Props) {
  const t = useTranslations("customers.one");
  const { data: fields } = useSuspenseQuery(useFieldsQuery());
  const { data: categories } = useSuspenseQuery(useCategoriesQuery());
  const tags = useQuery(tagsQuery);
  const errorOf = useErrorBeside(fieldErrors);
  const { draft, valueAt, change } = control;

  const entry = (key: string, input: ReactNode, isWide = false) => (
    <Entry key={key} name={key} {...{ control, isWide }} isChanged={key in draft}>
      {input}
    </Entry>
  );
  const inputOf = (field: Field) =>
    entry(
      field.id,
      <FieldInput
        id={inputId(field.id)}
        field={field}
        value={valueAt(field.id)}
        onChange={(value) => change(field.id, value)}
        error={errorOf(field.id)}
      />,
      field.type === "TEXTAREA",
    );
  return (
    <Stack gap="xl">
      {categories.map(({ id, name }) => {
        const categoryFields = fields.filter((field) => field.categoryId === id && field.isActive);
        return (
          categoryFields.length > 0 && (
            <Group key={id} name={name}>
              {categoryFields.map(inputOf)}
            </Group>
          )
        );
      })}
      <Group name={t("organization")}>
        {entry(
          tagsKey,
          <TagsInput
            id={inputId(tagsKey)}
            label={t("tags")}
            description={t("tagsHint")}
            data={tags.data?.map(({ name }) => name) ?? []}
            value={[...valueAt(tagsKey)]}
            onChange={(names) => change(tagsKey, names)}
            error={errorOf(tagsKey)}
            maxLength={100}
            maxDropdownHeight={260}
          />,
        )}
        {entry(
          externalIdKey,
          <TextInput
            id={inputId(externalIdKey)}
            label={t("externalId")}
            description={t("externalIdHint")}
            value={valueAt(externalIdKey)}
            onChange={({ currentTarget }) => change(externalIdKey, currentTarget.value)}
            error={errorOf(externalIdKey)}
            autoComplete="off"
          />,
        )}
      </Group>
    </Stack>
  );
}

const Group = ({ name, children }: { name: string; children: ReactNode }) => (
  <section aria-label={name}>
    <Title order={2} size="h4" mb="sm">
      {name}
    </Title>
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm">
      {children}
    </SimpleGrid>
  </section>
);

type EntryProps = {
  name: string;
  control: DraftControl;
  isChanged: boolean;
  isWide: boolean;
  children: ReactNode;
};

/** One input. Escape reverts it; if its list is open, the first Escape only closes the list. */
function Entry({ name, control, isChanged, isWide, children }: EntryProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const isInside = event.currentTarget.contains(target);
    if (event.key !== "Escape" || !isInside || target.getAttribute("aria-expanded") === "true") return;
    if (isChanged) control.revert(name);
  };
  return (
    <div
      className={classes.entry}
      data-drafted={isChanged || undefined}
      data-wide={isWide || undefined}
      onKeyDownCapture={onKeyDown}
    >
      {children}
    </div>
  );
}

/** The error of an entry; for a duplicate value, with a link to the customer that has it. */
function useErrorBeside(fieldErrors: Props["fieldErrors"]): (key: string) => ReactNode {
  const t = useTranslations("customers.one");
  const fieldErrorText = useValueErrorText();
  return (key) => {
    const error = fieldErrors[key];
    if (error === undefined) return undefined;
    const holder = holderIn(error);
    if (holder === null) return fieldErrorText(error);
    return (
      <>
        {fieldErrorText(error)}{" "}
        <TextLink
          to="/customers/$customerId"
          params={{ customerId: holder }}
          inherit
          underline="always"
          c="inherit"
        >
          {t("openExisting")}
        </TextLink>
      </>
    );
  };
}
