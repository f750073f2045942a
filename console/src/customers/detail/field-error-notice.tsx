import { List, Stack } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useValueErrorText } from "../../custom-fields/value-error-text.ts";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { bodyErrors } from "../../errors/field-errors.ts";
import { useEntryLabel } from "./edit/use-entry-label.ts";

/** Lists field errors where the fields have no inputs. */
export function FieldErrorNotice({ error }: { error: unknown }) {
  const t = useTranslations("customers.one");
  const nameOf = useEntryLabel();
  const fieldErrorText = useValueErrorText();
  const fieldErrors = Object.entries(bodyErrors(error));
  return (
    <Stack gap="xs">
      <ErrorNotice error={error} />
      {fieldErrors.length > 0 && (
        <List size="sm" aria-label={t("fieldErrors")}>
          {fieldErrors.map(([path, fieldError]) => (
            <List.Item key={path}>
              <b>{nameOf(path === "external_id" ? "externalId" : path.replace(/^fields\./, ""))}</b>:{" "}
              {fieldErrorText(fieldError)}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
