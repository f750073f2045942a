import type { ModalProps } from "@mantine/core";
import { lazy, Suspense, useState } from "react";

const Modal = lazy(async () => ({ default: (await import("./modal.tsx")).Modal }));

/** A dialog whose code is loaded when it first opens. */
export function Dialog(props: ModalProps) {
  const [isNeeded, setNeeded] = useState(props.opened);
  if (!isNeeded && props.opened) setNeeded(true);
  return isNeeded ? (
    <Suspense fallback={null}>
      <Modal {...props} />
    </Suspense>
  ) : null;
}
