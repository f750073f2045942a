import { Button, Menu, Text } from "@mantine/core";
import {
  IconCheck,
  IconChevronDown,
  IconDeviceFloppy,
  IconPencil,
  IconPlus,
  IconTrash,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { useMay } from "../../session/me.ts";
import { Dialog } from "../../shell/dialog.tsx";
import { type View, type ViewDefinition, viewsQuery } from "./queries.ts";
import { useSaveView } from "./use-save-view.ts";

const DeleteView = lazy(async () => ({ default: (await import("./delete-view.tsx")).DeleteView }));
const ViewForm = lazy(async () => ({ default: (await import("./view-form.tsx")).ViewForm }));

type Props = {
  viewId: string | undefined;
  /** The current table layout and filters. */
  definition: ViewDefinition;
  /** Whether the table differs from the open view. */
  isModified: (view: View) => boolean;
  onOpen: (view: View | null) => void;
};

type DialogKind = "create" | "rename" | "delete";

/** Lists views and acts on the open one. */
export function ViewsMenu({ viewId, definition, isModified, onOpen }: Props) {
  const t = useTranslations("customers.table.views");
  const views = useSuspenseQuery(viewsQuery).data;
  const mayAdminister = useMay("ADMIN");
  const [dialog, setDialog] = useState<DialogKind | null>(null);
  const save = useSaveView();
  const open = views.find(({ id }) => id === viewId) ?? null;
  const mayChange = open !== null && (open.isOwn || mayAdminister);
  const isOpenModified = open !== null && isModified(open);
  const close = () => setDialog(null);
  const groups = [
    { label: t("own"), shown: views.filter(({ isOwn }) => isOwn) },
    { label: t("shared"), shown: views.filter(({ isOwn }) => !isOwn) },
  ];
  return (
    <>
      <Menu position="bottom-start" width={280}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {open ? t(isOpenModified ? "changed" : "open", { name: open.name }) : t("all")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <ViewItem isOpen={open === null} onClick={() => onOpen(null)}>
            {t("all")}
          </ViewItem>
          {groups.map(
            ({ label, shown }) =>
              shown.length > 0 && [
                <Menu.Label key={label}>{label}</Menu.Label>,
                ...shown.map((view) => (
                  <ViewItem
                    key={view.id}
                    isOpen={view === open}
                    onClick={() => onOpen(view)}
                    {...(view.isShared && { icon: <IconUsersGroup size={16} aria-hidden /> })}
                  >
                    {view.name}
                  </ViewItem>
                )),
              ],
          )}
          <Menu.Divider />
          {isOpenModified && mayChange && (
            <Menu.Item
              leftSection={<IconDeviceFloppy size={16} aria-hidden />}
              onClick={() => save.mutate({ view: open, change: { definition } })}
            >
              {t("save", { name: open.name })}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog("create")}>
            {t("create")}
          </Menu.Item>
          {mayChange && (
            <>
              <Menu.Item
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => setDialog("rename")}
              >
                {t("rename")}
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => setDialog("delete")}
              >
                {t("delete")}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Text className="mantine-visually-hidden" role="status" size="xs">
        {save.isSuccess && t("saved")}
      </Text>
      <Dialog
        opened={dialog !== null}
        onClose={close}
        title={dialog && t(`${dialog}Title`)}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Suspense fallback={null}>
          {dialog === "delete" && open && (
            <DeleteView
              view={open}
              onCancel={close}
              onDeleted={() => {
                close();
                onOpen(null);
              }}
            />
          )}
          {(dialog === "create" || dialog === "rename") && (
            <ViewForm
              view={dialog === "rename" ? open : null}
              definition={definition}
              onCancel={close}
              onSaved={(view) => {
                close();
                onOpen(view);
              }}
            />
          )}
        </Suspense>
      </Dialog>
    </>
  );
}

type ItemProps = { isOpen: boolean; icon?: ReactNode; onClick: () => void; children: string };

const ViewItem = ({ isOpen, icon, onClick, children }: ItemProps) => (
  <Menu.Item
    leftSection={isOpen ? <IconCheck size={16} aria-hidden /> : (icon ?? <span style={{ width: 16 }} />)}
    aria-current={isOpen}
    fw={isOpen ? 650 : undefined}
    onClick={onClick}
  >
    {children}
  </Menu.Item>
);
