import { Button, Group, Modal, Text } from "@mantine/core";
import { useTranslations } from "use-intl";

type Props = { onLeave: () => void; onStay: () => void };

/** Asks whether to discard unsaved changes. */
export function LeaveDialog({ onLeave, onStay }: Props) {
  const t = useTranslations("shell.leave");
  return (
    <Modal opened onClose={onStay} title={t("title")} closeButtonProps={{ "aria-label": t("stay") }}>
      <Text>{t("text")}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" color="red" onClick={onLeave}>
          {t("leave")}
        </Button>
        <Button onClick={onStay} data-autofocus>
          {t("stay")}
        </Button>
      </Group>
    </Modal>
  );
}
