import type { ImportJob } from "@clientele/sdk";
import { useTranslations } from "use-intl";

/** The name of an import: its file name, or what it does. */
export function useImportName(): (job: Pick<ImportJob, "kind" | "file" | "change">) => string {
  const t = useTranslations("imports.names");
  return ({ kind, file, change }) => {
    if (kind === "undo") return t("undo");
    if (kind === "bulk") return t(change?.delete ? "bulkDelete" : "bulk");
    return file === null || file.name === "" ? t("unnamed") : file.name;
  };
}

/** Who started the import. */
export function useStartedBy(): (job: Pick<ImportJob, "personName" | "appId">) => string {
  const t = useTranslations("imports");
  return ({ personName, appId }) => personName || t(appId === null ? "unknownPerson" : "anApp");
}
