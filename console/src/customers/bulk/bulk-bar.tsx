import { Button, Group, Loader, Text } from "@mantine/core";
import { IconDownload, IconPencil, IconTags, IconTrash } from "@tabler/icons-react";
import { type ComponentType, lazy, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { withTexts } from "../../i18n/loaded-messages.ts";
import { useMay } from "../../session/me.ts";
import { Dialog } from "../../shell/dialog.tsx";
import classes from "../customers-page.module.css";
import type { Sort } from "../table/layout.ts";
import type { Chosen, DialogProps } from "./bulk-selection.ts";

const editDialog = withTexts(["faults"], () => import("./edit-dialog.tsx"));
const acts = [
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
type Act = { name: (typeof acts)[number]["name"]; Dialog: ComponentType<DialogProps> };

type Props = {
  chosen: Chosen;
  sort: Sort;
  /** How many match, when these are not all of them. */
  others: number | null;
  onAll: () => void;
  onClear: () => void;
};

/** What can be done with the customers that are chosen. */
export function BulkBar({ chosen, sort, others, onAll, onClear }: Props) {
  const t = useTranslations("customers.table.bulk");
  const may = { READ: true, WRITE: useMay("WRITE"), DELETE: useMay("DELETE") };
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  return (
    <Group className={classes.bulk!} gap="xs" role="group" aria-label={t("label")}>
      <Text size="sm" fw={600} role="status">
        {t("selected", { count: chosen.count })}
      </Text>
      {acts
        .filter(({ scope }) => may[scope])
        .map(({ name, icon: Icon, Dialog }) => (
          <Button
            key={name}
            size="compact-sm"
            variant="default"
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => setAct({ name, Dialog })}
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
        {t("none")}
      </Button>
      <Dialog
        opened={act !== null}
        onClose={close}
        title={act && t(`${act.name}Title`, { count: chosen.count })}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Suspense fallback={<Loader size="sm" aria-label={t("loading")} />}>
          {act && (
            <act.Dialog
              {...{ chosen, sort }}
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
