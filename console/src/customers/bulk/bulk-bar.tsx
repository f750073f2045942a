import { Button, Group, Loader, Text } from "@mantine/core";
import { IconDownload, IconPencil, IconTags, IconTrash } from "@tabler/icons-react";
import { type ComponentType, lazy, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { withMessages } from "../../i18n/loaded-messages.ts";
import { useMay } from "../../session/me.ts";
import { Dialog } from "../../shell/dialog.tsx";
import classes from "../customers-page.module.css";
import type { Sort } from "../table/layout.ts";
import type { BulkDialogProps, BulkTarget } from "./bulk-selection.ts";

const editDialog = withMessages(["fieldErrors"], () => import("./edit-dialog.tsx"));
const actions = [
  {
    name: "tag",
    scope: "WRITE",
    icon: IconTags,
    Dialog: lazy(async () => ({ default: (await import("./tag-dialog.tsx")).TagDialog })),
  },
  {
    name: "edit",
    scope: "WRITE",
    icon: IconPencil,
    Dialog: lazy(async () => ({ default: (await editDialog()).EditDialog })),
  },
  {
    name: "export",
    scope: "READ",
    icon: IconDownload,
    Dialog: lazy(async () => ({ default: (await import("./export-dialog.tsx")).ExportDialog })),
  },
  {
    name: "delete",
    scope: "DELETE",
    icon: IconTrash,
    Dialog: lazy(async () => ({ default: (await import("./delete-dialog.tsx")).DeleteDialog })),
  },
] as const;
type BulkAction = { name: (typeof actions)[number]["name"]; Dialog: ComponentType<BulkDialogProps> };

type Props = {
  target: BulkTarget;
  sort: Sort;
  /** Number of matching customers, if not all of them are selected. */
  others: number | null;
  onAll: () => void;
  onClear: () => void;
};

/** Actions for the selected customers. */
export function BulkBar({ target, sort, others, onAll, onClear }: Props) {
  const t = useTranslations("customers.table.bulk");
  const may = { READ: true, WRITE: useMay("WRITE"), DELETE: useMay("DELETE") };
  const [action, setAction] = useState<BulkAction | null>(null);
  const close = () => setAction(null);
  return (
    <Group className={classes.bulk!} gap="xs" role="group" aria-label={t("label")}>
      <Text size="sm" fw={600} role="status">
        {t("selected", { count: target.count })}
      </Text>
      {actions
        .filter(({ scope }) => may[scope])
        .map(({ name, icon: Icon, Dialog }) => (
          <Button
            key={name}
            size="compact-sm"
            variant="default"
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => setAction({ name, Dialog })}
          >
            {t(name)}
          </Button>
        ))}
      {others !== null && (
        <Button size="compact-sm" variant="subtle" onClick={onAll}>
          {t("all", { count: others })}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={onClear}>
        {t("clear")}
      </Button>
      <Dialog
        opened={action !== null}
        onClose={close}
        title={action && t(`${action.name}Title`, { count: target.count })}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Suspense fallback={<Loader size="sm" aria-label={t("loading")} />}>
          {action && (
            <action.Dialog
              {...{ target: target, sort }}
              onCancel={close}
              onStarted={() => {
                close();
                onClear();
              }}
            />
          )}
        </Suspense>
      </Dialog>
    </Group>
  );
}
