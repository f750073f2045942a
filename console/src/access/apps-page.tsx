import { EmptyState, Stack, Title } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { DialogButton } from "../shell/dialog-button.tsx";
import { PageHeader } from "../shell/page-header.tsx";
import { AppForm } from "./apps/app-form.tsx";
import { AppRow } from "./apps/app-row.tsx";
import { appsQuery, requestsQuery } from "./queries.ts";
import { QueryContent } from "./query-content.tsx";
import { Rows } from "./rows.tsx";

export function AppsPage() {
  const t = useTranslations("access.apps");
  const apps = useQuery(appsQuery);
  // Optional: the page works without the request counts.
  const { data: requests } = useQuery(requestsQuery);
  return (
    <Stack>
      <PageHeader title={t("title")} text={t("description")}>
        <DialogButton label={t("new")} title={t("new")} dialogSize="lg">
          {(close) => <AppForm close={close} />}
        </DialogButton>
      </PageHeader>
      <QueryContent query={apps}>
        {(all) => {
          const live = all.filter(({ revokedAt }) => revokedAt === null);
          const revoked = all.filter(({ revokedAt }) => revokedAt !== null);
          return (
            <>
              {live.length === 0 ? (
                <EmptyState
                  icon={<IconPlugConnected aria-hidden />}
                  title={t("emptyTitle")}
                  description={t("emptyText")}
                />
              ) : (
                <Rows label={t("title")}>
                  {live.map((app) => (
                    <AppRow key={app.id} app={app} requests={requests && (requests.get(app.id) ?? 0)} />
                  ))}
                </Rows>
              )}
              {revoked.length > 0 && (
                <>
                  <Title order={2}>{t("revokedTitle")}</Title>
                  <Rows label={t("revokedTitle")}>
                    {revoked.map((app) => (
                      <AppRow key={app.id} app={app} />
                    ))}
                  </Rows>
                </>
              )}
            </>
          );
        }}
      </QueryContent>
    </Stack>
  );
}
