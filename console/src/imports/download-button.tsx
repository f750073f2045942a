import type { FileAnswer } from "@clientele/sdk";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useErrorText } from "../errors/error-text.ts";
import { saveFile } from "../files/save-file.ts";

type Props = { label: string; fileName: string; fetch: () => Promise<FileAnswer> };

export function DownloadButton({ label, fileName, fetch }: Props) {
  const errorText = useErrorText();
  const download = useMutation({
    mutationFn: async () => saveFile(await fetch(), { fallbackName: fileName }),
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={download.isPending}
      onClick={() => download.mutate()}
    >
      {label}
    </Button>
  );
}
