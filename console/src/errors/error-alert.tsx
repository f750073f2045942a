import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";

type Props = { title: string; children: ReactNode };

export const ErrorAlert = ({ title, children }: Props) => (
  <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} role="alert" title={title}>
    {children}
  </Alert>
);
