import type { ImportJob } from "@clientele/sdk";
import { Button, Group, Loader, Pagination, Stack, Switch, Table, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { useFieldErrorText } from "../../errors/field-error-text.ts";
import { defaultOptions, optionsFromStored } from "../options/import-options.ts";
import type { ImportRow } from "../queries.ts";
import { UploadNotice } from "../upload/upload-notice.tsx";
import { usePlan } from "../upload/use-plan.ts";
import {
  type FailedFile,
  failedFileQuery,
  fixedRowsFile,
  mappingForFixedRows,
  optionsForFixedRows,
} from "./failed-rows-file.ts";

/** Above this, people fix rows in a spreadsheet instead. */
const fixableRowsMax = 2_000;
const pageSize = 20;
const contextColumnsMax = 3;

type Props = { job: ImportJob; failed: readonly ImportRow[] };

/** Edits failed rows. Fixed rows become a separate import, because an import's file and report never change. */
export function FixRows({ job, failed }: Props) {
  const t = useTranslations("imports.fix");
  // Fields that a preview would create do not exist yet.
  const mustApplyFirst = job.dryRun && job.columns.some(({ creates }) => creates);
  const canFix = job.failed <= fixableRowsMax && !mustApplyFirst;
  const { data, error, refetch } = useQuery({ ...failedFileQuery(job.id), enabled: canFix });
  if (mustApplyFirst) return <Text>{t("applyFirst")}</Text>;
  if (!canFix) return <Text>{t("tooMany", { count: fixableRowsMax })}</Text>;
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loader aria-label={t("loading")} />;
  return <Grid job={job} failed={failed} file={data} />;
}

function Grid({ job, failed, file }: Props & { file: FailedFile }) {
  const t = useTranslations("imports.fix");
  const format = useFormatter();
  const fieldErrorText = useFieldErrorText();
  const plan = usePlan({ rowsOf: job.id });
  const [fixed, setFixed] = useState<ReadonlyMap<number, readonly string[]>>(new Map());
  const [page, setPage] = useState(1);
  const [showsAll, setShowsAll] = useState(false);
  const names = columnNames(file.headings);
  const errorsOf = new Map(failed.map(({ line, errors }) => [line, errors]));
  const invalid = new Set(failed.flatMap(({ errors }) => errors.map(({ path }) => path)));
  // Columns with errors first, then a few that identify the customer.
  const wrong = [...names.keys()].filter((at) => invalid.has(names[at]!));
  const others = [...names.keys()].filter((at) => !wrong.includes(at));
  const columns = [
    ...wrong,
    ...(showsAll || wrong.length === 0 ? others : others.slice(0, contextColumnsMax)),
  ];
  const shown = file.rows.slice((page - 1) * pageSize, page * pageSize);

  const fix = (line: number, cells: readonly string[], at: number, text: string) => {
    const before = fixed.get(line) ?? cells;
    const after = before.with(at, text);
    const next = new Map(fixed).set(line, after);
    if (after.every((cell, index) => cell === cells[index])) next.delete(line);
    setFixed(next);
  };
  const submit = () => {
    const name = `${(job.file?.name ?? "").replace(/\.[^.]*$/, "")} – ${t("fileName")}.csv`;
    const options = optionsForFixedRows(job.options ? optionsFromStored(job.options) : defaultOptions());
    const rows = file.rows.map(({ line }) => fixed.get(line)).filter((cells) => cells !== undefined);
    plan.start({
      file: fixedRowsFile(name, file.headings, rows),
      options,
      mapping: mappingForFixedRows(job),
    });
  };

  return (
    <Stack>
      <Text size="sm">{t(job.dryRun ? "planDescription" : "description")}</Text>
      <Switch
        label={t("allColumns")}
        checked={showsAll}
        onChange={({ currentTarget }) => setShowsAll(currentTarget.checked)}
      />
      <Table.ScrollContainer minWidth={Math.max(320, 90 + columns.length * 170)} type="native">
        <Table aria-label={t("title")} verticalSpacing={4} layout="fixed" withColumnBorders>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={90}>{t("line")}</Table.Th>
              {columns.map((at) => (
                <Table.Th key={names[at]}>{names[at]}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ line, cells, extra }) => {
              const errors = errorsOf.get(line) ?? [];
              const now = fixed.get(line) ?? cells;
              return (
                <Table.Tr key={line}>
                  <Table.Th scope="row" fw={400} style={{ verticalAlign: "top" }}>
                    {format.number(line)}
                    {errors
                      .filter(({ path }) => !names.includes(path))
                      .map((fieldError) => (
                        <Text key={fieldError.message} size="xs" c="var(--mantine-color-error)">
                          {fieldErrorText(fieldError)}
                        </Text>
                      ))}
                    {extra.some((cell) => cell !== "") && (
                      <Text size="xs">{t("extra", { cells: extra.join(" · ") })}</Text>
                    )}
                  </Table.Th>
                  {columns.map((at) => {
                    const fieldError = errors.find(({ path }) => path === names[at]);
                    const isFixed = now[at] !== cells[at];
                    return (
                      <Table.Td key={names[at]} style={{ verticalAlign: "top" }}>
                        <TextInput
                          size="xs"
                          aria-label={t("cell", { column: names[at]!, line })}
                          value={now[at] ?? ""}
                          error={isFixed || fieldError === undefined ? undefined : fieldErrorText(fieldError)}
                          onChange={({ currentTarget }) => fix(line, cells, at, currentTarget.value)}
                        />
                      </Table.Td>
                    );
                  })}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {file.rows.length > pageSize && (
        <Pagination
          total={Math.ceil(file.rows.length / pageSize)}
          value={page}
          onChange={setPage}
          getItemProps={(number) => ({ "aria-label": t("toPage", { page: number }) })}
          getControlProps={(control) => ({ "aria-label": t(`controls.${control}`) })}
        />
      )}
      <UploadNotice plan={plan} />
      <Group>
        <Button disabled={fixed.size === 0} loading={plan.isSending} onClick={submit}>
          {t("submit", { count: fixed.size })}
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {t("fixed", { count: fixed.size, total: file.rows.length })}
        </Text>
      </Group>
    </Stack>
  );
}

/** Column names as the server reports them: the heading, or the number if it is empty or repeated. */
function columnNames(headings: readonly string[]): string[] {
  return headings.map((heading, index) =>
    heading.trim() !== "" && headings.indexOf(heading) === headings.lastIndexOf(heading)
      ? heading
      : `#${index + 1}`,
  );
}
