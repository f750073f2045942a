import { Badge } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Delivery } from "./delivery-queries.ts";

const colors = { pending: "gray", delivered: "teal", failed: "red" } as const;

export function DeliveryStatus({ status }: Pick<Delivery, "status">) {
  const t = useTranslations("access.deliveries.statuses");
  return (
    <Badge variant="light" color={colors[status]}>
      {t(status)}
    </Badge>
  );
}
