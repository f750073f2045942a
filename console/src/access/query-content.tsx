import { Loader } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "../errors/error-notice.tsx";

type Props<T> = { query: UseQueryResult<T>; children: (data: T) => ReactNode };

/** Renders a query: its data, a loader, or its error with a retry button. */
export function QueryContent<T>({ query, children }: Props<T>) {
  const t = useTranslations("access");
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <Loader role="status" aria-label={t("loading")} />;
}
