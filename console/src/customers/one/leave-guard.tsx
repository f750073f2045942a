import { Button, Group, Modal, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

/** Asks before a page is left that has something to save. */
export function LeaveGuard({ isDrafted }: { isDrafted: boolean }) {
  const t = useTranslations("customers.one.leave");
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isDrafted && current.pathname !== next.pathname,
    enableBeforeUnload: isDrafted,
    withResolver: true,
  });
  const isAsking = status === "blocked";
  return (
    <Modal
      opened={isAsking}
      onClose={() => reset?.()}
      title={t("title")}
      closeButtonProps={{ "aria-label": t("stay") }}
    >
      <Text>{t("text")}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" color="red" onClick={() => proceed?.()}>
          {t("leave")}
        </Button>
        <Button onClick={() => reset?.()} data-autofocus>
          {t("stay")}
        </Button>
      </Group>
    </Modal>
  );
}
