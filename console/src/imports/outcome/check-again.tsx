import type { ImportJob } from "@clientele/sdk";
import { Accordion, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useFieldsQuery } from "../../custom-fields/queries.ts";
import { useFieldErrorText } from "../../errors/field-error-text.ts";
import { queryErrors } from "../../errors/field-errors.ts";
import { ColumnsForm } from "../columns/columns-form.tsx";
import { guessDateFormat } from "../columns/date-format-guess.ts";
import { mappingOf } from "../columns/mapping.ts";
import { defaultOptions, optionsFromStored } from "../options/import-options.ts";
import { OptionsForm } from "../options/options-form.tsx";
import { FileDrop } from "../upload/file-drop.tsx";
import { SheetSelect, useSheets } from "../upload/sheet-select.tsx";
import { fileOf } from "../upload/upload.ts";
import { UploadNotice } from "../upload/upload-notice.tsx";
import { usePlan } from "../upload/use-plan.ts";

const route = getRouteApi("/signed-in/imports/$importId");

/** Corrects column mapping and options, and creates a new preview. */
export function CheckAgain({ job }: { job: ImportJob }) {
  const t = useTranslations("imports.again");
  const fieldErrorText = useFieldErrorText();
  const { rowsOf } = route.useSearch();
  const plan = usePlan(rowsOf === undefined ? {} : { rowsOf });
  const [file, setFile] = useState(() => fileOf(job.id));
  const sheets = useSheets(file);
  const [mapping, setMapping] = useState(() => mappingOf(job));
  const [options, setOptions] = useState(() =>
    job.options ? optionsFromStored(job.options) : defaultOptions(),
  );
  const fieldErrors = new Map(
    (job.problem?.details ?? []).map((fieldError) => [fieldError.path, fieldErrorText(fieldError)] as const),
  );
  const suggested = useSuggestedFormat(job, mapping);
  const chooseSheet = (sheet: string) => setOptions((before) => ({ ...before, sheet }));
  const isOtherSheet = options.sheet !== (job.options?.sheet ?? "");
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t("description")}
      </Text>
      <SheetSelect sheets={sheets} sheet={options.sheet} onChange={chooseSheet} />
      {suggested !== null && suggested !== options.dateFormat && (
        <Group gap="xs">
          <Text size="sm">{t("dates", { format: suggested })}</Text>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setOptions((before) => ({ ...before, dateFormat: suggested }))}
          >
            {t("useFormat", { format: suggested })}
          </Button>
        </Group>
      )}
      {job.columns.length > 0 && !isOtherSheet && (
        <ColumnsForm
          columns={job.columns}
          mapping={mapping}
          onChange={setMapping}
          fieldErrors={fieldErrors}
        />
      )}
      <Accordion variant="contained" defaultValue={null}>
        <Accordion.Item value="options">
          <Accordion.Control>{t("options")}</Accordion.Control>
          <Accordion.Panel>
            <OptionsForm options={options} onChange={setOptions} fieldErrors={queryErrors(plan.error)} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      {fileOf(job.id) === null && (
        <>
          <Text size="sm">{t("chooseFileAgain", { name: job.file?.name ?? "" })}</Text>
          <FileDrop file={file} onFile={setFile} isDisabled={plan.isSending} />
        </>
      )}
      <UploadNotice plan={plan} />
      <Group>
        <Button
          disabled={file === null}
          loading={plan.isSending}
          // Another sheet has other columns.
          onClick={() => file && plan.start({ file, options, mapping: isOtherSheet ? null : mapping })}
        >
          {t("submit")}
        </Button>
      </Group>
    </Stack>
  );
}

/** The likely date format, guessed from columns that are mapped to date fields. */
function useSuggestedFormat(job: ImportJob, mapping: ReturnType<typeof mappingOf>): string | null {
  const { data: fields = [] } = useQuery(useFieldsQuery());
  const ofDays = new Set(fields.filter(({ type }) => type === "DATE").map(({ id }) => id));
  const samples = job.columns
    .filter(({ position }) => {
      const choice = mapping[position];
      if (typeof choice === "object") return choice?.create.type === "DATE";
      return choice !== undefined && ofDays.has(choice);
    })
    .flatMap((column) => column.samples);
  return guessDateFormat(samples, navigator.language === "en-US");
}
