import { Group, Paper, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./rows.module.css";

/** A list of things that each have a few facts and a few buttons. */
export const Rows = ({ label, children }: { label: string; children: ReactNode }) => (
  <Stack component="ul" gap="xs" aria-label={label} className={classes.rows}>
    {children}
  </Stack>
);

/** One of them; wide beside its buttons, narrow above them. */
export const Row = ({ children, buttons }: { children: ReactNode; buttons?: ReactNode }) => (
  <Paper component="li" withBorder p="sm">
    <Group justify="space-between" gap="sm">
      <div className={classes.facts}>{children}</div>
      {buttons && <Group gap={4}>{buttons}</Group>}
    </Group>
  </Paper>
);
