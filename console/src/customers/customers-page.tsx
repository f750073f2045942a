import { Group, Skeleton, Text, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useFieldsQuery } from "../custom-fields/queries.ts";
import { ErrorNotice } from "../errors/error-notice.tsx";
import { useMay } from "../session/me.ts";
import { LinkButton } from "../shell/link-button.tsx";
import { PageTitle } from "../shell/page-title.tsx";
import classes from "./customers-page.module.css";
import { type CustomersSearch, filtersOf, readCustomersSearch } from "./customers-search.ts";
import { FilterBar } from "./filters/filter-bar.tsx";
import { useColumns } from "./table/columns.ts";
import { ColumnsButton } from "./table/columns-button.tsx";
import { CustomersTable, type TableHandle } from "./table/customers-table.tsx";
import { EmptyCustomers, NothingFound } from "./table/empty-customers.tsx";
import { layoutOf, type Sort } from "./table/layout.ts";
import type { CustomerQuery } from "./table/rows-query.ts";
import { SearchBox } from "./table/search-box.tsx";
import { countOf, emptySelection, fullSelection } from "./table/selection.ts";
import { shownRowsMax, useRows } from "./table/use-rows.ts";
import { useSelection } from "./table/use-selection.ts";
import { useStableValue } from "./table/use-stable-value.ts";
import type { View } from "./views/queries.ts";
import { definitionOf, sortOf, useTableLayout } from "./views/use-table-layout.ts";
import { ViewsMenu } from "./views/views-menu.tsx";

const BulkBar = lazy(async () => ({ default: (await import("./bulk/bulk-bar.tsx")).BulkBar }));
const route = getRouteApi("/signed-in/customers");
const narrowFields = ["fullName", "phone"];

export function CustomersPage() {
  const t = useTranslations("customers.table");
  return (
    <div className={classes.page}>
      <PageTitle title={t("title")} />
      <Suspense
        fallback={
          <>
            <Title>{t("title")}</Title>
            <Skeleton flex={1} aria-label={t("loading")} />
          </>
        }
      >
        <Customers />
      </Suspense>
    </div>
  );
}

function Customers() {
  const t = useTranslations("customers.table");
  const navigate = useNavigate();
  // The router passes on search params that validateSearch drops, so they are read again.
  const search = useStableValue(readCustomersSearch(route.useSearch()));
  const mayWrite = useMay("WRITE");
  const isNarrow = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const columns = useColumns(useSuspenseQuery(useFieldsQuery()).data);
  const { layout, sort, arrange } = useTableLayout(columns, sortOfAddress(search));
  const filters = useStableValue(filtersOf(search));
  const shownIds = layout.flatMap(({ id, isHidden }) => (isHidden ? [] : [id]));
  const query = useStableValue<CustomerQuery>({
    ...filters,
    sort: sort.by,
    sort_type: sort.isDescending ? "desc" : "asc",
    // Sorted, so that moving a column does not change the query.
    fields: isNarrow ? narrowFields : shownIds.toSorted(),
  });
  const [pages, setPages] = useState<readonly number[]>([0]);
  const rows = useRows(query, pages);
  const { selection, select, toggle, selectRange } = useSelection(rows.query, filters);
  const table = useRef<TableHandle>(null);

  const changeSearch = (change: (before: CustomersSearch) => CustomersSearch, replace = false) =>
    void navigate({ to: "/customers", search: (before) => change(readCustomersSearch(before)), replace });
  const definition = { ...definitionOf(layout, sort), query: filters };
  const openView = (view: View | null) => {
    if (view === null) return changeSearch(() => ({}));
    const { columns: storedColumns, sort: by, sortType, query } = view.definition;
    arrange(() => layoutOf(columns, storedColumns ?? null));
    changeSearch(() => ({
      ...query,
      ...(by && { sort: by }),
      ...(sortType && { sort_type: sortType }),
      view: view.id,
    }));
  };
  const isModified = ({ definition: stored }: View) =>
    JSON.stringify([
      layoutOf(columns, stored.columns ?? null),
      sortOf(stored),
      sorted(stored.query ?? {}),
    ]) !== JSON.stringify([layout, sort, sorted(filters)]);
  const count = countOf(selection, rows.total);
  const hasFilters = Object.keys(filters).length > 0;

  return (
    <>
      <Group justify="space-between" gap="xs">
        <Group gap="sm" align="baseline">
          <Title>{t("title")}</Title>
          <Text size="sm" c="dimmed" role="status">
            {rows.total !== null && t(hasFilters ? "found" : "count", { count: rows.total })}
          </Text>
        </Group>
        {mayWrite && (
          <LinkButton to="/customers/new" leftSection={<IconUserPlus size={16} aria-hidden />}>
            {t("create")}
          </LinkButton>
        )}
      </Group>
      <Group gap="xs">
        <SearchBox
          q={search.q ?? ""}
          isSearching={rows.isOutdated}
          onSearch={(q) => changeSearch(({ q: _, ...before }) => ({ ...before, ...(q && { q }) }), true)}
          onLeave={() => table.current?.enter()}
        />
        <ViewsMenu viewId={search.view} {...{ definition, isModified: isModified }} onOpen={openView} />
        <FilterBar
          filters={filters}
          onFilters={(next) =>
            changeSearch(({ sort: by, sort_type, view }) => ({
              ...next,
              ...withoutUndefined({ sort: by, sort_type, view }),
            }))
          }
        />
        {!isNarrow && <ColumnsButton {...{ columns, layout }} onLayout={arrange} />}
      </Group>
      {rows.error !== null && <ErrorNotice error={rows.error} onRetry={rows.retry} />}
      {count !== null && count > 0 && (
        <Suspense fallback={null}>
          <BulkBar
            target={{ selection, filters, count }}
            sort={sort}
            others={rows.total !== null && count < rows.total ? rows.total : null}
            onAll={() => select(fullSelection)}
            onClear={() => select(emptySelection)}
          />
        </Suspense>
      )}
      {rows.count === 0 && !rows.isOutdated ? (
        hasFilters ? (
          <NothingFound
            onClear={() =>
              changeSearch(({ view: _, ...before }) =>
                withoutUndefined({ sort: before.sort, sort_type: before.sort_type }),
              )
            }
          />
        ) : (
          <EmptyCustomers />
        )
      ) : (
        <CustomersTable
          ref={table}
          {...{ columns, layout, isNarrow, rows, sort, selection }}
          onLayout={arrange}
          onPages={setPages}
          onSort={({ by, isDescending }) =>
            changeSearch((before) => ({ ...before, sort: by, sort_type: isDescending ? "desc" : "asc" }))
          }
          onSelect={select}
          onToggle={(index) => {
            const customer = rows.at(index);
            if (customer) toggle(customer.id);
          }}
          onRange={(from, to) => void selectRange(from, to)}
          onOpen={(customerId) => void navigate({ to: "/customers/$customerId", params: { customerId } })}
        />
      )}
      {rows.total !== null && rows.total > shownRowsMax && (
        <Text size="sm">{t("shownRowsMax", { max: shownRowsMax })}</Text>
      )}
    </>
  );
}

const sortOfAddress = ({ sort, sort_type }: CustomersSearch): Sort | null =>
  sort === undefined ? null : { by: sort, isDescending: sort_type === "desc" };

const withoutUndefined = (
  search: { [Name in keyof CustomersSearch]: CustomersSearch[Name] | undefined },
): CustomersSearch => Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));

const sorted = (filters: object) => Object.entries(filters).sort(([one], [other]) => (one < other ? -1 : 1));
