import { List, Stack } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFieldErrorText } from "../../custom-fields/fault-text.ts";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { fieldErrorsOf } from "../../errors/faults.ts";
import { useEntryLabel } from "./edit/use-entry-label.ts";

/** Lists field errors where the fields have no inputs. */
export function FieldErrorNotice({ error }: { error: unknown }) {
  const t = useTranslations("customers.one");
  const nameOf = useEntryLabel();
  const fieldErrorText = useFieldErrorText();
  const fieldErrors = Object.entries(fieldErrorsOf(error));
  return (
    <Stack gap="xs">
      <ErrorNotice error={error} />
      {fieldErrors.length > 0 && (
        <List size="sm" aria-label={t("fieldErrors")}>
          {fieldErrors.map(([path, sentence]) => (
            <List.Item key={path}>
              <b>{nameOf(path === "external_id" ? "externalId" : path.replace(/^fields\./, ""))}</b>:{" "}
              {fieldErrorText(sentence)}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
