import { Button, Group, Kbd, Paper, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useTranslations } from "use-intl";
import classes from "./save-bar.module.css";

type Props = {
  /** Save status; screen readers announce its changes. */
  status: string;
  isFailure: boolean;
  isPending: boolean;
  canSave: boolean;
  submit: string;
  onSave: () => void;
  discard?: () => void;
};

/** Sticky bar with the save status and buttons. */
export function SaveBar({ status, isFailure, isPending, canSave, submit, onSave, discard }: Props) {
  const t = useTranslations("customers.one");
  const save = () => {
    if (canSave && !isPending) onSave();
  };
  useHotkeys([["mod+S", save]], []);
  return (
    <Paper withBorder shadow="sm" p="sm" mt="lg" className={classes.bar!}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" role="status" {...(isFailure ? { c: "var(--mantine-color-error)" } : {})}>
          {status}
        </Text>
        <Group gap="sm">
          <Text size="xs" c="dimmed" visibleFrom="sm" aria-hidden>
            <Kbd size="xs">{t("saveKeys")}</Kbd>
          </Text>
          {discard && (
            <Button variant="default" onClick={discard} disabled={!canSave || isPending}>
              {t("discard")}
            </Button>
          )}
          <Button onClick={save} loading={isPending} disabled={!canSave} aria-keyshortcuts="Control+S">
            {submit}
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
