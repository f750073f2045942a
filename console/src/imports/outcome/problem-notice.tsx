import { ClienteleError, type ImportJob } from "@clientele/sdk";
import { Alert, List, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { ErrorAlert } from "../../errors/error-alert.tsx";
import { useErrorText } from "../../errors/error-text.ts";
import { useFieldErrorText } from "../../errors/field-error-text.ts";

const detailsMax = 10;
const codesWithAdvice = [
  "IMPORT_COLUMNS_UNMAPPED",
  "IMPORT_FILE_INVALID",
  "IMPORT_PLAN_OUTDATED",
  "ROW_NOT_WRITTEN",
  "REQUEST_INVALID",
] as const;

/** Why an import failed or was cancelled, and what to do next. */
export function ProblemNotice({ job }: { job: ImportJob }) {
  const t = useTranslations("imports.problem");
  const errorText = useErrorText();
  const fieldErrorText = useFieldErrorText();
  const { phase, problem } = job;
  if (phase === "cancelled") {
    return (
      <Alert color="gray" variant="light" title={t("cancelled")} role="status">
        {t(job.dryRun || job.created + job.updated + job.deleted === 0 ? "nothingWritten" : "someWritten")}
      </Alert>
    );
  }
  if (phase !== "failed") return null;
  const { code = "INTERNAL", message = "", details = [] } = problem ?? {};
  const advice = codesWithAdvice.find((known) => known === code) ?? "other";
  return (
    <ErrorAlert title={t("failed")}>
      <Stack gap="xs">
        <Text size="sm">
          {errorText(new ClienteleError(message, { code: code as ClienteleError["code"] }))}
        </Text>
        {details.length > 0 && (
          <List size="sm">
            {details.slice(0, detailsMax).map((fieldError) => (
              <List.Item key={`${fieldError.path} ${fieldError.message}`}>
                {fieldError.path !== "" && <strong>{fieldError.path}: </strong>}
                {fieldErrorText(fieldError)}
              </List.Item>
            ))}
            {details.length > detailsMax && (
              <List.Item>{t("more", { count: details.length - detailsMax })}</List.Item>
            )}
          </List>
        )}
        <Text size="sm">{t(`advice.${advice}`)}</Text>
      </Stack>
    </ErrorAlert>
  );
}
