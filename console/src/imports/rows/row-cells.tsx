// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtualized grid are positioned absolutely, which tr and td cannot be.
import type { ImportJob } from "@clientele/sdk";
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { useFieldsQuery } from "../../custom-fields/queries.ts";
import { useFieldText } from "../../custom-fields/values/field-text.ts";
import { useFieldErrorText } from "../../errors/field-error-text.ts";
import { TextLink } from "../../shell/text-link.tsx";
import type { ImportRow } from "../queries.ts";
import classes from "./rows-table.module.css";

type Change = ImportRow["changes"][number];

/** Cells of a row: line, result, and its changes or errors. */
export function RowCells({ row, job }: { row: ImportRow; job: ImportJob }) {
  const t = useTranslations("imports.rows");
  const format = useFormatter();
  const { line, outcome, id, matchedBy, errors, warnings, changes } = row;
  // The server may add keys that this console has no text for.
  const matchedByKey = `matchedBy.${matchedBy}` as "matchedBy.id";
  return (
    <>
      <div role="cell">{format.number(line)}</div>
      <div role="cell">
        {t(`outcomes.${outcome}`)}
        {id !== null && (
          <>
            {" "}
            <TextLink to="/customers/$customerId" params={{ customerId: id }} inherit underline="always">
              {t("customer")}
            </TextLink>
          </>
        )}
      </div>
      <div role="cell">
        {changes.length > 0 && (
          <div className={classes.changes}>
            {changes.map((change) => (
              <ChangeText key={change.attribute} change={change} isNew={outcome === "created"} />
            ))}
          </div>
        )}
        {errors.map((fieldError) => (
          <ErrorLine key={`${fieldError.path} ${fieldError.message}`} fieldError={fieldError} />
        ))}
        {warnings.map((fieldError) => (
          <ErrorLine key={`${fieldError.path} ${fieldError.message}`} fieldError={fieldError} isWarning />
        ))}
        {!job.dryRun && matchedBy !== null && errors.length === 0 && (
          <Text size="sm" c="dimmed">
            {t.has(matchedByKey) ? t(matchedByKey) : matchedBy}
          </Text>
        )}
      </div>
    </>
  );
}

function ChangeText({ change, isNew }: { change: Change; isNew: boolean }) {
  const t = useTranslations("imports.rows");
  const { data: fields } = useQuery(useFieldsQuery());
  const fieldText = useFieldText();
  const { attribute, label, before, after } = change;
  const field = fields?.find(({ id }) => attribute === `fields.${id}`) ?? null;
  const name = (field?.label ?? label) || t(`attributes.${attribute as "tags"}`);
  const show = (value: unknown) => fieldText(field, value) || t("nothing");
  return (
    <div>
      <span className={classes.before}>{name}: </span>
      {!isNew && (
        <>
          <s className={classes.before}>{show(before)}</s> →{" "}
        </>
      )}
      <span>{show(after)}</span>
    </div>
  );
}

function ErrorLine({
  fieldError,
  isWarning = false,
}: {
  fieldError: ImportRow["errors"][number];
  isWarning?: boolean;
}) {
  const fieldErrorText = useFieldErrorText();
  return (
    <Text size="sm" c={isWarning ? undefined! : "var(--mantine-color-error)"}>
      {fieldError.path !== "" && <strong>{fieldError.path}: </strong>}
      {fieldErrorText(fieldError)}
    </Text>
  );
}
