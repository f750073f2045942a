import { Group, Paper, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./rows.module.css";

/** A list whose rows have details and buttons. */
export const Rows = ({ label, children }: { label: string; children: ReactNode }) => (
  <Stack component="ul" gap="xs" aria-label={label} className={classes.rows}>
    {children}
  </Stack>
);

/** One row: its buttons stand beside the details on wide screens and below them on narrow ones. */
export const Row = ({ children, buttons }: { children: ReactNode; buttons?: ReactNode }) => (
  <Paper component="li" withBorder p="sm">
    <Group justify="space-between" gap="sm">
      <div className={classes.facts}>{children}</div>
      {buttons && <Group gap={4}>{buttons}</Group>}
    </Group>
  </Paper>
);
