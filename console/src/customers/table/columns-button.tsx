import { Button, Loader, Popover } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslations } from "use-intl";
import type { Column } from "./columns.ts";
import type { Layout } from "./layout.ts";

const ColumnList = lazy(async () => ({ default: (await import("./column-list.tsx")).ColumnList }));

type Props = {
  columns: readonly Column[];
  layout: Layout;
  onLayout: (change: (layout: Layout) => Layout) => void;
};

export function ColumnsButton(props: Props) {
  const t = useTranslations("customers.table.columnList");
  return (
    <Popover position="bottom-end" width={320} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          {t("open")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("open")}>
        <Suspense fallback={<Loader size="sm" aria-label={t("loading")} />}>
          <ColumnList {...props} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
