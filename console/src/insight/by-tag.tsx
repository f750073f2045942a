import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { CustomersLink } from "./customers-link.tsx";
import { Figure } from "./figure.tsx";
import classes from "./insight.module.css";
import { tagsQuery } from "./queries.ts";
import { topRows } from "./series.ts";

const linkedMax = 5;

/** Customers per tag. */
export function ByTag() {
  const t = useTranslations("insight.byTag");
  const query = useQuery(tagsQuery);
  const { tags = [], untagged = 0, customers = 0 } = query.data ?? {};
  const rows = tags.map(({ tagId, tagName, customers: count }) => ({
    key: tagId,
    label: tagName,
    customers: count,
  }));
  return (
    <Figure
      query={query}
      title={
        tags.length > 0 ? t("title", { tagged: customers - untagged, count: customers }) : t("titlePending")
      }
      rowsLabel={t("tag")}
      kind="ranks"
      rows={rows}
      chartRows={topRows(rows)}
      series={[{ key: "customers", label: t("customers"), color: "first" }]}
      empty={t("empty")}
    >
      {tags.length > 0 && (
        <ul className={classes.acts} aria-label={t("links")}>
          {untagged > 0 && (
            <li>
              <CustomersLink search={{ without_tags: true }}>
                {t("untagged", { count: untagged })}
              </CustomersLink>
            </li>
          )}
          {tags
            .filter((tag) => tag.customers > 0)
            .slice(0, linkedMax)
            .map(({ tagId, tagName, customers: count }) => (
              <li key={tagId}>
                <CustomersLink search={{ tag_ids: [tagId] }}>
                  {t("tagged", { count, tag: tagName })}
                </CustomersLink>
              </li>
            ))}
        </ul>
      )}
    </Figure>
  );
}
