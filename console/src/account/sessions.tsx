import { Badge, Button, Group, Loader, Paper, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { hasCode } from "../session/auth-request.ts";
import { requestAsPerson } from "../session/person-request.ts";
import { focusPage } from "../shell/focus-page.ts";
import classes from "./account.module.css";
import { deviceOf } from "./device.ts";
import { type Session, sessionsQuery } from "./sessions-query.ts";

/** Active sessions. The current one has no button: signing out ends it. */
export function Sessions() {
  const t = useTranslations("account.sessions");
  const queryClient = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids)
        await requestAsPerson("revoke-session", { id }).catch((error: unknown) => {
          if (!hasCode(error, "SESSION_NOT_FOUND")) throw error;
        });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["sessions"] }),
    onSuccess: (_, ids) => {
      notifications.show({ message: t("ended", { count: ids.length }) });
      focusPage();
    },
  });
  const others = (sessions.data ?? []).filter(({ isCurrent }) => !isCurrent);
  return (
    <Stack component="section" aria-labelledby="sessions" gap="sm">
      <Group justify="space-between">
        <Title order={2} id="sessions">
          {t("title")}
        </Title>
        {others.length > 1 && (
          <Button
            variant="default"
            size="compact-sm"
            loading={end.isPending}
            onClick={() => end.mutate(others.map(({ id }) => id))}
          >
            {t("endOthers")}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {t("description")}
      </Text>
      {end.error && <ErrorNotice error={end.error} />}
      {sessions.error && <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isPending && <Loader role="status" aria-label={t("loading")} />}
      <Stack component="ul" gap="xs" className={classes.list} aria-label={t("title")}>
        {sessions.data?.map((session) => (
          <SessionRow key={session.id} session={session} onEnd={() => end.mutate([session.id])} />
        ))}
      </Stack>
    </Stack>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const t = useTranslations("account.sessions");
  const format = useFormatter();
  const { browser, system } = deviceOf(session.userAgent);
  const device =
    browser === "" && system === ""
      ? t("unknown")
      : t("device", { browser, system, hasBoth: String(browser !== "" && system !== "") });
  const when = (at: string) => format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" });
  return (
    <Paper component="li" withBorder p="sm">
      <Group justify="space-between">
        <div>
          <Group gap="xs">
            <Text fw={600}>{device}</Text>
            {session.isCurrent && <Badge variant="light">{t("current")}</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            {t("lastUsed", { at: when(session.lastUsedAt) })}
          </Text>
          <Text size="sm" c="dimmed">
            {t("signedInAt", { at: when(session.createdAt) })}
            {session.ipAddress !== "" && `, ${t("from", { address: session.ipAddress })}`}
          </Text>
        </div>
        {!session.isCurrent && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            aria-label={`${t("end")}: ${device}`}
            onClick={onEnd}
          >
            {t("end")}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
