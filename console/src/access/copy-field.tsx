import { Button, CopyButton, Group, Textarea, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslations } from "use-intl";

type Props = { label: string; description?: string; value: string };

/** A read-only value with a copy button. */
export function CopyField({ label, description, value }: Props) {
  const t = useTranslations("access.copy");
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <Textarea
        flex={1}
        readOnly
        autosize
        label={label}
        description={description}
        value={value}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", wordBreak: "break-all" } }}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <CopyButton value={value} timeout={3_000}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            aria-label={t("copyLabel", { label })}
            leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          >
            {copied ? t("copied") : t("copy")}
            <VisuallyHidden role="status">{copied ? t("copied") : ""}</VisuallyHidden>
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
