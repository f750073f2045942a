import type { ImportJob } from "@clientele/sdk";
import { Loader, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { kindOf, useFieldErrorText } from "../../errors/field-error-text.ts";
import { useMay } from "../../session/me.ts";
import { failedRowsMax, failedRowsQuery, type ImportRow } from "../queries.ts";
import { FixRows } from "./fix-rows.tsx";

const linesShownMax = 8;

/** Errors grouped by column and kind, followed by the editable rows. */
export function RowErrors({ job }: { job: ImportJob }) {
  const t = useTranslations("imports.errors");
  const format = useFormatter();
  const fieldErrorText = useFieldErrorText();
  const mayWrite = useMay("WRITE");
  const { data, error, refetch } = useQuery(failedRowsQuery(job.id));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loader aria-label={t("loading")} />;
  return (
    <Stack>
      {job.failed > failedRowsMax && <Text size="sm">{t("onlyFirst", { count: failedRowsMax })}</Text>}
      <Table.ScrollContainer minWidth={300} type="native">
        <Table aria-label={t("title")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("count")}</Table.Th>
              <Table.Th>{t("column")}</Table.Th>
              <Table.Th>{t("error")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {groupsOf(data.data).map(({ path, first, lines }) => (
              <Table.Tr key={`${path} ${kindOf(first)}`}>
                <Table.Td>{t("rows", { count: lines.length })}</Table.Td>
                <Table.Td>{path === "" ? t("wholeRow") : path}</Table.Td>
                <Table.Td>
                  {fieldErrorText(first)}
                  <Text size="sm" c="dimmed">
                    {t("lines", {
                      lines:
                        lines
                          .slice(0, linesShownMax)
                          .map((line) => format.number(line))
                          .join(", ") + (lines.length > linesShownMax ? ", …" : ""),
                    })}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {job.kind === "import" && mayWrite && (
        <>
          <Title order={2}>{t("fix")}</Title>
          <FixRows job={job} failed={data.data} />
        </>
      )}
    </Stack>
  );
}

type Group = { path: string; first: ImportRow["errors"][number]; lines: number[] };

/** Groups errors by column and kind, the most frequent first. */
function groupsOf(rows: readonly ImportRow[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { line, errors } of rows) {
    for (const fieldError of errors) {
      const key = `${fieldError.path} ${kindOf(fieldError)}`;
      const group = groups.get(key) ?? { path: fieldError.path, first: fieldError, lines: [] };
      group.lines.push(line);
      groups.set(key, group);
    }
  }
  return [...groups.values()].sort((one, other) => other.lines.length - one.lines.length);
}
