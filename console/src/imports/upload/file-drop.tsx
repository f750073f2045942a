import "@mantine/dropzone/styles.css";
import { Button, CloseButton, Group, Paper, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconFile, IconUpload } from "@tabler/icons-react";
import { useRef } from "react";
import { useFormatter, useTranslations } from "use-intl";

type Props = { file: File | null; onFile: (file: File | null) => void; isDisabled?: boolean };

/** A drop zone for a file, or the chosen file. */
export function FileDrop({ file, onFile, isDisabled = false }: Props) {
  const t = useTranslations("imports.file");
  const size = useFileSize();
  const open = useRef<() => void>(null);
  if (file !== null) {
    return (
      <Paper withBorder p="sm">
        <Group wrap="nowrap">
          <IconFile aria-hidden />
          <Text fw={600} flex={1} miw={0} truncate>
            {file.name}
          </Text>
          <Text c="dimmed" size="sm">
            {size(file.size)}
          </Text>
          <CloseButton
            aria-label={t("remove", { name: file.name })}
            disabled={isDisabled}
            onClick={() => onFile(null)}
          />
        </Group>
      </Paper>
    );
  }
  return (
    <Dropzone
      multiple={false}
      onDrop={([dropped]) => onFile(dropped ?? null)}
      openRef={open}
      activateOnKeyboard={false}
      inputProps={{ "aria-label": t("input"), tabIndex: -1 }}
      enablePointerEvents
      p="xl"
    >
      <Stack align="center" gap="xs">
        <IconUpload size={36} stroke={1.5} aria-hidden />
        <Text>{t("drop")}</Text>
        <Button
          variant="default"
          onClick={(event) => {
            // The surrounding drop zone opens the file dialog too.
            event.stopPropagation();
            open.current?.();
          }}
        >
          {t("choose")}
        </Button>
        <Text size="sm" c="dimmed" ta="center">
          {t("formats")}
        </Text>
      </Stack>
    </Dropzone>
  );
}

function useFileSize(): (bytes: number) => string {
  const format = useFormatter();
  return (bytes) => {
    const [value, unit] =
      bytes < 1e3 ? [bytes, "byte"] : bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
    return format.number(value as number, { style: "unit", unit: unit as "byte", maximumFractionDigits: 1 });
  };
}
