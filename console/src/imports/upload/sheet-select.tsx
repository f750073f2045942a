import { Select } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { readSheetNames } from "./sheet-names.ts";

export function useSheets(file: File | null): readonly string[] {
  const [loaded, setLoaded] = useState<{ file: File; sheets: readonly string[] } | null>(null);
  useEffect(() => {
    if (file !== null) void readSheetNames(file).then((sheets) => setLoaded({ file, sheets }));
  }, [file]);
  return loaded?.file === file ? loaded.sheets : [];
}

type Props = { sheets: readonly string[]; sheet: string; onChange: (sheet: string) => void };

/** Selects a sheet if the workbook has several. */
export function SheetSelect({ sheets, sheet, onChange }: Props) {
  const t = useTranslations("imports.options");
  if (sheets.length < 2) return null;
  return (
    <Select
      label={t("sheet")}
      description={t("sheetHint", { count: sheets.length })}
      data={[...new Set(sheets)]}
      value={sheet || sheets[0]!}
      allowDeselect={false}
      onChange={(chosen) => onChange(chosen ?? "")}
    />
  );
}
