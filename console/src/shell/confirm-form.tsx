import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { DialogForm } from "./dialog-form.tsx";
import { focusPage } from "./focus-page.ts";

type Props = {
  text: string;
  submit: string;
  /** Notification after success. */
  done: string;
  action: () => Promise<unknown>;
  close: () => void;
};

/** Confirms an action that is hard to undo. */
export function ConfirmForm({ text, submit, done, action, close }: Props) {
  const mutation = useMutation({
    mutationFn: action,
    onSuccess: () => {
      close();
      focusPage();
      notifications.show({ message: done });
    },
  });
  return (
    <DialogForm
      submit={submit}
      isPending={mutation.isPending}
      error={mutation.error}
      isDangerous
      onSubmit={mutation.mutate}
      onCancel={close}
    >
      <Text size="sm">{text}</Text>
    </DialogForm>
  );
}
