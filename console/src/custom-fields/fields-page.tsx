import { Button, Group, Skeleton, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconFolderPlus, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { useMay } from "../session/me.ts";
import { PageTitle } from "../shell/page-title.tsx";
import { CategoryNameDialog, DeleteCategoryDialog } from "./board/category-dialogs.tsx";
import { DeleteFieldDialog } from "./board/delete-field-dialog.tsx";
import { groupsOf, lineBeside } from "./board/field-order.ts";
import { FieldsBoard } from "./board/fields-board.tsx";
import { useReorder } from "./board/use-reorder.ts";
import type { Category, Field } from "./definitions.ts";
import { menuIdOf, useFocusAfterMove } from "./drag/focus-after-move.ts";
import { FieldDrawer } from "./editor/field-drawer.tsx";
import { HistoryDrawer } from "./history/history-drawer.tsx";
import { useCategoriesQuery, useFieldsQuery } from "./queries.ts";

/** The open drawer or dialog. */
type OpenPanel =
  | { kind: "field"; field: Field }
  | { kind: "newField"; categoryId: string }
  | { kind: "history"; field: Field }
  | { kind: "deleteField"; field: Field }
  | { kind: "category"; category: Category | null }
  | { kind: "deleteCategory"; category: Category };

export function FieldsPage() {
  const t = useTranslations("customFields.page");
  const mayEdit = useMay("ADMIN");
  const categories = useQuery(useCategoriesQuery());
  const fields = useQuery(useFieldsQuery());
  const [open, setOpen] = useState<OpenPanel | null>(null);
  const close = () => setOpen(null);
  const groups = groupsOf(categories.data ?? [], fields.data ?? []);
  const focusAfterMove = useFocusAfterMove();
  const reorder = useReorder(groups);
  const failed = categories.error ? categories : fields.error ? fields : null;
  const isLoaded = categories.data !== undefined && fields.data !== undefined;
  const defaultCategory = categories.data?.find(({ isDefault }) => isDefault);

  return (
    <Stack maw={860}>
      <PageTitle title={t("title")} />
      <Group justify="space-between" align="start">
        <Title order={1}>{t("title")}</Title>
        {mayEdit && isLoaded && (
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconFolderPlus size={18} aria-hidden />}
              onClick={() => setOpen({ kind: "category", category: null })}
            >
              {t("newCategory")}
            </Button>
            <Button
              leftSection={<IconPlus size={18} aria-hidden />}
              onClick={() => setOpen({ kind: "newField", categoryId: defaultCategory!.id })}
            >
              {t("newField")}
            </Button>
          </Group>
        )}
      </Group>
      <Text c="dimmed">{t(mayEdit ? "description" : "descriptionReadOnly")}</Text>
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {reorder.error && <ErrorNotice error={reorder.error} />}
      <VisuallyHidden role="status">{reorder.announcement}</VisuallyHidden>
      {!isLoaded && !failed && <Skeleton height={320} aria-label={t("loading")} role="status" />}
      {isLoaded && (
        <FieldsBoard
          groups={groups}
          mayEdit={mayEdit}
          onMove={(fieldId, lineId) => reorder.moveField(fieldId, lineId, false)}
          fieldActions={{
            open: (field) => setOpen({ kind: "field", field }),
            showHistory: (field) => setOpen({ kind: "history", field }),
            remove: (field) => setOpen({ kind: "deleteField", field }),
            step: (field, by) => {
              const line = lineBeside(groups, field.id, by);
              if (line === null) return null;
              return () => {
                reorder.moveField(field.id, line, true);
                focusAfterMove(menuIdOf(field.id));
              };
            },
          }}
          categoryActions={{
            addField: ({ id }) => setOpen({ kind: "newField", categoryId: id }),
            rename: (category) => setOpen({ kind: "category", category }),
            remove: (category) => setOpen({ kind: "deleteCategory", category }),
            step: reorder.stepOf,
          }}
        />
      )}
      <FieldDrawer
        field={open?.kind === "field" ? open.field : null}
        newInCategoryId={open?.kind === "newField" ? open.categoryId : null}
        mayEdit={mayEdit}
        onClose={close}
      />
      <HistoryDrawer field={open?.kind === "history" ? open.field : null} onClose={close} />
      {open?.kind === "deleteField" && <DeleteFieldDialog field={open.field} onClose={close} />}
      {open?.kind === "category" && <CategoryNameDialog category={open.category} onClose={close} />}
      {open?.kind === "deleteCategory" && (
        <DeleteCategoryDialog
          category={open.category}
          defaultName={defaultCategory!.name}
          fieldCount={groups.find(({ category }) => category.id === open.category.id)?.fields.length ?? 0}
          onClose={close}
        />
      )}
    </Stack>
  );
}
