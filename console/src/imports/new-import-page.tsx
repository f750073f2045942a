import { Accordion, Anchor, Button, Container, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { queryErrors } from "../errors/field-errors.ts";
import { client } from "../session/client.ts";
import { useMay } from "../session/me.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { DownloadButton } from "./download-button.tsx";
import { defaultOptions, type ImportOptions } from "./options/import-options.ts";
import { OptionsForm } from "./options/options-form.tsx";
import { FileDrop } from "./upload/file-drop.tsx";
import { SheetSelect, useSheets } from "./upload/sheet-select.tsx";
import { UploadNotice } from "./upload/upload-notice.tsx";
import { usePlan } from "./upload/use-plan.ts";

/** Uploads a file for a preview; nothing is saved yet. */
export function NewImportPage() {
  const t = useTranslations("imports.new");
  const mayWrite = useMay("WRITE");
  const plan = usePlan();
  const [file, setFile] = useState<File | null>(null);
  const sheets = useSheets(file);
  const [options, setOptions] = useState<ImportOptions>(defaultOptions);
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setOptions((before) => ({ ...before, sheet: "" }));
  };
  return (
    <Container size="md" px={0}>
      <PageTitle title={t("title")} />
      <Stack>
        <Stack gap={4}>
          <Anchor component={Link} to="/imports" size="sm">
            {t("back")}
          </Anchor>
          <Title order={1}>{t("title")}</Title>
          <Text c="dimmed">{t("description")}</Text>
        </Stack>
        {mayWrite ? (
          <>
            <FileDrop file={file} onFile={choose} isDisabled={plan.isSending} />
            <SheetSelect
              sheets={sheets}
              sheet={options.sheet}
              onChange={(sheet) => setOptions((before) => ({ ...before, sheet }))}
            />
            <Accordion variant="contained" defaultValue={null}>
              <Accordion.Item value="options">
                <Accordion.Control>{t("options")}</Accordion.Control>
                <Accordion.Panel>
                  <OptionsForm
                    options={options}
                    onChange={setOptions}
                    fieldErrors={queryErrors(plan.error)}
                  />
                </Accordion.Panel>
              </Accordion.Item>
            </Accordion>
            <UploadNotice plan={plan} />
            <Group>
              <Button
                disabled={file === null}
                loading={plan.isSending}
                onClick={() => file && plan.start({ file, options, mapping: null })}
              >
                {t("submit")}
              </Button>
              <DownloadButton
                label={t("template")}
                fileName="template.csv"
                fetch={() => client.fetchImportTemplate()}
              />
            </Group>
            <Text size="sm" c="dimmed">
              {t("undoHint")}
            </Text>
          </>
        ) : (
          <Text>{t("forbidden")}</Text>
        )}
      </Stack>
    </Container>
  );
}
