import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { DialogButton } from "../shell/dialog-button.tsx";
import { PageHeader } from "../shell/page-header.tsx";
import { InvitationRow } from "./people/invitation-row.tsx";
import { InviteForm } from "./people/invite-form.tsx";
import { MemberRow } from "./people/member-row.tsx";
import { peopleQuery } from "./queries.ts";
import { QueryContent } from "./query-content.tsx";
import { Rows } from "./rows.tsx";

export function PeoplePage() {
  const t = useTranslations("access.people");
  const people = useQuery(peopleQuery);
  return (
    <Stack>
      <PageHeader title={t("title")} text={t("description")}>
        <DialogButton label={t("invite")} title={t("inviteTitle")}>
          {(close) => <InviteForm close={close} />}
        </DialogButton>
      </PageHeader>
      <QueryContent query={people}>
        {(all) => {
          const members = all.filter(({ kind }) => kind === "member");
          const invitations = all.filter(({ kind }) => kind === "invitation");
          const administrators = members.filter(({ role }) => role === "administrator");
          return (
            <>
              <Rows label={t("members")}>
                {members.map((member) => (
                  <MemberRow
                    key={member.id}
                    member={member}
                    isLastAdministrator={administrators.length === 1 && administrators[0] === member}
                  />
                ))}
              </Rows>
              {invitations.length > 0 && (
                <>
                  <Title order={2}>{t("invitations")}</Title>
                  <Rows label={t("invitations")}>
                    {invitations.map((invitation) => (
                      <InvitationRow key={invitation.id} invitation={invitation} />
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
