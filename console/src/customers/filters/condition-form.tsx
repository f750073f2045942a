import { Button, MultiSelect, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { companiesQuery } from "../../companies/queries.ts";
import type { Field } from "../../custom-fields/definitions.ts";
import type { Condition } from "./conditions.ts";
import { FieldTestInput, testsOf } from "./field-test-input.tsx";

type Named = { id: string; name: string };
type Props = { fields: readonly Field[]; tags: readonly Named[]; onAdd: (condition: Condition) => void };

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ#"];
const subjects = [
  "tags",
  "untagged",
  "companies",
  "last_name_letter",
  "first_name_letter",
  "updated",
  "created",
  "bookings",
] as const;
type Subject = (typeof subjects)[number];
const isSubject = (text: string): text is Subject => (subjects as readonly string[]).includes(text);

function emptyCondition(subject: string, fields: readonly Field[]): Condition {
  if (!isSubject(subject)) {
    const field = fields.find(({ id }) => id === subject)!;
    return { on: "field", fieldId: field.id, test: testsOf(field)[0]! };
  }
  switch (subject) {
    case "tags":
      return { on: "tags", tagIds: [] };
    case "untagged":
      return { on: "untagged", is: true };
    case "companies":
      return { on: "companies", companyIds: [] };
    case "bookings":
      return { on: "bookings", has: true };
    case "created":
    case "updated":
      return { on: "time", of: subject, since: "", before: "" };
    default:
      return { on: "letter", of: subject, letter: "" };
  }
}

function isComplete(condition: Condition): boolean {
  switch (condition.on) {
    case "tags":
      return condition.tagIds.length > 0;
    case "companies":
      return condition.companyIds.length > 0;
    case "letter":
      return condition.letter !== "";
    case "time":
      return condition.since !== "" || condition.before !== "";
    case "field": {
      const { test } = condition;
      if ("text" in test) return test.text !== "";
      return "from" in test ? test.from !== "" || test.to !== "" : true;
    }
    default:
      return true;
  }
}

/** Builds one filter condition: first its subject, then its value. */
export function ConditionForm({ fields, tags, onAdd }: Props) {
  const t = useTranslations("customers.table.filters");
  const [condition, setCondition] = useState<Condition | null>(null);
  const [subject, setSubject] = useState<string | null>(null);
  const { data: companies = [] } = useQuery(companiesQuery);
  const offered = subjects.filter((subject) => subject !== "companies" || companies.length > 0);
  return (
    <form
      // The server validates, so that errors appear in the console's language.
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (condition && isComplete(condition)) onAdd(condition);
      }}
    >
      <Stack gap="sm">
        <Select
          label={t("of")}
          data-autofocus
          searchable
          allowDeselect={false}
          nothingFoundMessage={t("noMatch")}
          data={[
            {
              group: t("general"),
              items: offered.map((offeredSubject) => ({
                value: offeredSubject,
                label: t(`subjects.${offeredSubject}`),
              })),
            },
            {
              group: t("fields"),
              items: fields.filter(({ isActive }) => isActive).map(({ id, label }) => ({ value: id, label })),
            },
          ]}
          value={subject}
          onChange={(chosen) => {
            setSubject(chosen);
            setCondition(chosen === null ? null : emptyCondition(chosen, fields));
          }}
        />
        {condition && <ConditionInput {...{ condition, fields, tags, companies }} onChange={setCondition} />}
        <Button type="submit" disabled={condition === null || !isComplete(condition)}>
          {t("apply")}
        </Button>
      </Stack>
    </form>
  );
}

type InputProps = Omit<Props, "onAdd"> & {
  companies: readonly Named[];
  condition: Condition;
  onChange: (condition: Condition) => void;
};

function ConditionInput({ condition, fields, tags, companies, onChange }: InputProps) {
  const t = useTranslations("customers.table.filters");
  const yesNo = [
    { value: "yes", label: t("yes") },
    { value: "no", label: t("no") },
  ];
  switch (condition.on) {
    case "tags":
      return (
        <AnyOf
          label={t("anyTag")}
          of={tags}
          ids={condition.tagIds}
          onChange={(tagIds) => onChange({ ...condition, tagIds })}
        />
      );
    case "companies":
      return (
        <AnyOf
          label={t("anyCompany")}
          of={companies}
          ids={condition.companyIds}
          onChange={(companyIds) => onChange({ ...condition, companyIds })}
        />
      );
    case "untagged":
      return (
        <SegmentedControl
          aria-label={t("subjects.untagged")}
          data={yesNo}
          value={condition.is ? "yes" : "no"}
          onChange={(chosen) => onChange({ ...condition, is: chosen === "yes" })}
        />
      );
    case "bookings":
      return (
        <SegmentedControl
          aria-label={t("subjects.bookings")}
          data={yesNo}
          value={condition.has ? "yes" : "no"}
          onChange={(chosen) => onChange({ ...condition, has: chosen === "yes" })}
        />
      );
    case "letter":
      return (
        <Select
          label={t("letter")}
          searchable
          data={letters.map((letter) => ({ value: letter, label: letter === "#" ? t("noLetter") : letter }))}
          value={condition.letter || null}
          onChange={(letter) => onChange({ ...condition, letter: letter ?? "" })}
        />
      );
    case "time":
      return (
        <>
          <TextInput
            type="date"
            label={t("since")}
            value={condition.since}
            onChange={({ currentTarget }) => onChange({ ...condition, since: currentTarget.value })}
          />
          <TextInput
            type="date"
            label={t("before")}
            value={condition.before}
            onChange={({ currentTarget }) => onChange({ ...condition, before: currentTarget.value })}
          />
        </>
      );
    case "field": {
      const field = fields.find(({ id }) => id === condition.fieldId)!;
      return (
        <FieldTestInput
          field={field}
          test={condition.test}
          onChange={(test) => onChange({ ...condition, test })}
        />
      );
    }
  }
}

type AnyOfProps = {
  label: string;
  of: readonly Named[];
  ids: readonly string[];
  onChange: (ids: string[]) => void;
};

function AnyOf({ label, of, ids, onChange }: AnyOfProps) {
  const t = useTranslations("customers.table.filters");
  return (
    <MultiSelect
      label={label}
      searchable
      nothingFoundMessage={t("noMatch")}
      data={of.map(({ id, name }) => ({ value: id, label: name }))}
      value={[...ids]}
      onChange={onChange}
    />
  );
}
