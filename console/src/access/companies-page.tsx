import { EmptyState, Stack, Text } from "@mantine/core";
import { IconBuildingStore } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { companiesQuery } from "../companies/queries.ts";
import { DialogButton } from "../shell/dialog-button.tsx";
import { PageHeader } from "../shell/page-header.tsx";
import { CompanyForm } from "./companies/company-form.tsx";
import { QueryContent } from "./query-content.tsx";
import { Row, Rows } from "./rows.tsx";

export function CompaniesPage() {
  const t = useTranslations("access.companies");
  const companies = useQuery(companiesQuery);
  return (
    <Stack>
      <PageHeader title={t("title")} text={t("description")}>
        <DialogButton label={t("new")} title={t("new")}>
          {(close) => <CompanyForm close={close} />}
        </DialogButton>
      </PageHeader>
      <QueryContent query={companies}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState
              icon={<IconBuildingStore aria-hidden />}
              title={t("emptyTitle")}
              description={t("emptyText")}
            />
          ) : (
            <Rows label={t("title")}>
              {all.map((company) => (
                <Row
                  key={company.id}
                  buttons={
                    <DialogButton
                      label={t("edit")}
                      of={company.name}
                      size="compact-sm"
                      variant="subtle"
                      title={t("editTitle", { name: company.name })}
                    >
                      {(close) => <CompanyForm company={company} close={close} />}
                    </DialogButton>
                  }
                >
                  <Text fw={600}>{company.name}</Text>
                  {company.externalId !== "" && (
                    <Text size="sm" c="dimmed">
                      {t("externalIdOf", { externalId: company.externalId })}
                    </Text>
                  )}
                </Row>
              ))}
            </Rows>
          )
        }
      </QueryContent>
    </Stack>
  );
}
