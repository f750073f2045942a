import type { ImportJob } from "@clientele/sdk";
import { useTranslations } from "use-intl";

/** What people call an import: by its file; by what it does where there is none. */
export function useImportName(): (job: Pick<ImportJob, "kind" | "file" | "change">) => string {
  const t = useTranslations("imports.names");
  return ({ kind, file, change }) => {
    if (kind === "undo") return t("undo");
    if (kind === "bulk") return t(change?.delete ? "bulkDelete" : "bulk");
    return file === null || file.name === "" ? t("unnamed") : file.name;
  };
}

/** Who has begun it. */
export function useStartedBy(): (job: Pick<ImportJob, "personName" | "appId">) => string {
  const t = useTranslations("imports");
  return ({ personName, appId }) => personName || t(appId === null ? "unknownPerson" : "anApp");
}
