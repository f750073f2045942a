import { Fieldset, Table, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { bodyErrors } from "../../errors/field-errors.ts";
import { client } from "../../session/client.ts";
import { useValueErrorText } from "../value-error-text.ts";
import { useFieldText } from "../values/field-text.ts";
import { type FieldDraft, hasOptions, optionsBody, validationBody } from "./field-draft.ts";

const samplesMax = 100;
const debounceMs = 250;

/** Shows for sample values how the field would store or reject them. */
export function FieldPlayground({ draft }: { draft: FieldDraft }) {
  const t = useTranslations("customFields.playground");
  const fieldText = useFieldText();
  const fieldErrorText = useValueErrorText();
  const [text, setText] = useState("");
  const samples = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, samplesMax);
  const { type } = draft;
  // People enter option labels; the API expects option values.
  const optionOf = (label: string) => {
    const trimmed = label.trim();
    const option = draft.options.find((candidate) => candidate.label === trimmed);
    return option === undefined ? trimmed : option.value || option.label;
  };
  const read = (sample: string) =>
    type === "MULTI_SELECT" ? sample.split(",").map(optionOf) : type === "SELECT" ? optionOf(sample) : sample;
  const request = JSON.stringify({
    type,
    validation: validationBody(draft),
    ...(hasOptions(type)
      ? { select_options: optionsBody(draft.options).map(({ id, ...option }) => option) }
      : {}),
    values: samples.map(read),
  });
  const [body] = useDebouncedValue(request, debounceMs);
  const trial = useQuery({
    queryKey: ["fields", "trial", body],
    queryFn: async ({ signal }) => {
      const { data } = await client.tryCustomField({ body: JSON.parse(body) }, { signal });
      return { body, results: data.results };
    },
    enabled: samples.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  // Ignore results of earlier input.
  const results = trial.data?.body === request ? trial.data.results : null;
  const acceptedCount = results?.filter(({ error }) => error === null).length ?? 0;
  const isDefinitionInvalid = Object.keys(bodyErrors(trial.error)).length > 0;
  const selectOptions = draft.options.map(({ key, value, label, isActive }, orderIndex) => ({
    id: key,
    value: value || label,
    label,
    isActive,
    orderIndex,
  }));
  const outcomeText = (sample: string, result: NonNullable<typeof results>[number]) => {
    if (result.error !== null)
      return result.error.key === "OPTION_UNKNOWN"
        ? t("noOption")
        : t("rejected", { why: fieldErrorText(result.error) });
    const stored = result.values.length > 0 ? result.values : result.value;
    if (stored.length === 0) return t("empty");
    return stored === sample ? t("same") : t("stored", { value: fieldText({ type, selectOptions }, stored) });
  };
  return (
    <Fieldset legend={t("legend")}>
      <Textarea
        label={t("label")}
        description={t(type === "MULTI_SELECT" ? "hintOptions" : "hint")}
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {samples.length > 0 && trial.error && !isDefinitionInvalid && <ErrorNotice error={trial.error} />}
      <Text size="sm" mt="xs" role="status">
        {samples.length > 0 && isDefinitionInvalid && t("definitionInvalid")}
        {samples.length > 0 && results && t("summary", { good: acceptedCount, all: results.length })}
      </Text>
      {samples.length > 0 && results && (
        <Table aria-label={t("title")} mt="xs" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("sample")}</Table.Th>
              <Table.Th>{t("result")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {results.map((result, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: samples have no identity besides their line
              <Table.Tr key={index}>
                <Table.Td>{samples[index]}</Table.Td>
                <Table.Td {...(result.error === null ? {} : { c: "var(--mantine-color-error)" })}>
                  {outcomeText(samples[index]!, result)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Fieldset>
  );
}
