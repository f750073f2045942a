import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { DialogForm } from "./dialog-form.tsx";
import { focusPage } from "./focus-page.ts";

type Props = {
  text: string;
  submit: string;
  /** Told when it is done. */
  done: string;
  action: () => Promise<unknown>;
  close: () => void;
};

/** Asks once more before something that is hard to take back. */
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
