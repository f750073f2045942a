import { Button, type ButtonProps, Modal, type ModalProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

type Props = Omit<ButtonProps, "children"> & {
  label: string;
  /** What the button acts on, for its accessible name. */
  of?: string;
  title: string;
  dialogSize?: ModalProps["size"];
  children: (close: () => void) => ReactNode;
};

/** A button that opens a dialog. A click outside does not close it, so that no input is lost. */
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
