import { NativeSelect, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { DialogForm } from "../../shell/dialog-form.tsx";
import { type Delivery, statuses } from "./delivery-queries.ts";

type Props = { webhookId: string; close: () => void };

/** Converts local input to UTC with a precision of one second, as the API expects. */
const utcOf = (local: string): string => `${new Date(local).toISOString().slice(0, 19)}Z`;

/** Redelivers everything in a period, for example after the endpoint lost data. */
export function RedeliverForm({ webhookId, close }: Props) {
  const t = useTranslations("access.deliveries");
  const queryClient = useQueryClient();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [status, setStatus] = useState<Delivery["status"] | "all">("failed");
  const redeliver = useMutation({
    mutationFn: async () => {
      const body = {
        from: utcOf(from),
        ...(to === "" ? {} : { to: utcOf(to) }),
        ...(status === "all" ? {} : { status }),
      };
      const { data } = await client.redeliverWebhook({ webhookId, body });
      await queryClient.invalidateQueries({ queryKey: ["webhooks", webhookId] });
      return data.redelivered;
    },
    onSuccess: (count) => {
      close();
      notifications.show({ message: t("redelivered", { count }) });
    },
  });
  const time = { type: "datetime-local", step: 1, withAsterisk: false } as const;
  return (
    <DialogForm
      submit={t("redeliverSubmit")}
      isPending={redeliver.isPending}
      error={redeliver.error}
      onSubmit={redeliver.mutate}
      onCancel={close}
    >
      <Text size="sm">{t("redeliverManyText")}</Text>
      <TextInput
        {...time}
        label={t("from")}
        required
        data-autofocus
        value={from}
        onChange={({ currentTarget }) => setFrom(currentTarget.value)}
      />
      <TextInput
        {...time}
        label={t("to")}
        value={to}
        onChange={({ currentTarget }) => setTo(currentTarget.value)}
      />
      <NativeSelect
        label={t("status")}
        value={status}
        data={["all" as const, ...statuses].map((value) => ({ value, label: t(`statuses.${value}`) }))}
        onChange={({ currentTarget }) => setStatus(currentTarget.value as typeof status)}
      />
    </DialogForm>
  );
}
