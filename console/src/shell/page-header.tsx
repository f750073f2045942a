import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { PageTitle } from "./page-title.tsx";

type Props = { title: string; text?: string; children?: ReactNode };

/** Title, description and actions of a page. */
export const PageHeader = ({ title, text, children }: Props) => (
  <Group justify="space-between" align="flex-start">
    <PageTitle title={title} />
    <Stack gap={4} maw={640} miw={0} style={{ overflowWrap: "anywhere" }}>
      <Title order={1}>{title}</Title>
      {text && (
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      )}
    </Stack>
    {children}
  </Group>
);
