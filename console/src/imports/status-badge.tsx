import type { ImportJob } from "@clientele/sdk";
import { Badge } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconEye,
  IconLoader,
  IconX,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";

const icons = {
  completed: IconCheck,
  failed: IconAlertTriangle,
  cancelled: IconX,
  plan: IconEye,
  undone: IconArrowBackUp,
};

/** Status of an import. A completed dry run is a preview. */
export function StatusBadge({ job }: { job: ImportJob }) {
  const t = useTranslations("imports.statuses");
  const isPlan = job.dryRun && job.phase === "completed";
  const status = isPlan ? "plan" : job.undoneBy !== null ? "undone" : job.phase;
  const Icon = icons[status as keyof typeof icons] ?? IconLoader;
  return (
    <Badge variant="default" tt="none" leftSection={<Icon size={14} aria-hidden />}>
      {t(status)}
    </Badge>
  );
}
