import { List, Stack } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFaultText } from "../../custom-fields/fault-text.ts";
import { ErrorNotice } from "../../errors/error-notice.tsx";
import { faultsOf } from "../../errors/faults.ts";
import { useEntryLabel } from "./edit/use-entry-label.ts";

/** A refusal where the values that it is about have no inputs: it names them. */
export function FieldErrorNotice({ error }: { error: unknown }) {
  const t = useTranslations("customers.one");
  const nameOf = useEntryLabel();
  const faultText = useFaultText();
  const faults = Object.entries(faultsOf(error));
  return (
    <Stack gap="xs">
      <ErrorNotice error={error} />
      {faults.length > 0 && (
        <List size="sm" aria-label={t("faults")}>
          {faults.map(([path, sentence]) => (
            <List.Item key={path}>
              <b>{nameOf(path === "external_id" ? "externalId" : path.replace(/^fields\./, ""))}</b>:{" "}
              {faultText(sentence)}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
