import { Button, type ButtonProps, Modal, type ModalProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

type Props = Omit<ButtonProps, "children"> & {
  label: string;
  /** What it is about, for those who hear the button without what stands beside it. */
  of?: string;
  title: string;
  dialogSize?: ModalProps["size"];
  children: (close: () => void) => ReactNode;
};

/** A button and the dialog that it opens. Only its own buttons and Escape close it: what was typed is not lost by a click beside it. */
export function DialogButton({ label, of, title, dialogSize = "md", children, ...button }: Props) {
  const t = useTranslations("shell.dialog");
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Button {...button} onClick={open} {...(of === undefined ? {} : { "aria-label": `${label}: ${of}` })}>
        {label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": t("close") }}
        title={title}
        size={dialogSize}
      >
        {children(close)}
      </Modal>
    </>
  );
}
