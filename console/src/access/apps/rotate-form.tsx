import type { Item } from "@clientele/sdk";
import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { client } from "../../session/client.ts";
import { DialogForm } from "../../shell/dialog-form.tsx";
import { AppSecret } from "./app-secret.tsx";

/** Replaces an app's secret; the previous one stops working immediately. */
export function RotateForm({ app, close }: { app: Item<"listApps">; close: () => void }) {
  const t = useTranslations("access.apps");
  const queryClient = useQueryClient();
  const rotate = useMutation({
    mutationFn: async () => (await client.rotateApp({ appId: app.id })).data,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["apps"] }),
    gcTime: 0,
  });
  if (rotate.data) return <AppSecret app={rotate.data} onDone={close} />;
  return (
    <DialogForm
      submit={t("rotateSubmit")}
      isPending={rotate.isPending}
      error={rotate.error}
      isDangerous
      onSubmit={rotate.mutate}
      onCancel={close}
    >
      <Text size="sm">{t("rotateText")}</Text>
    </DialogForm>
  );
}
