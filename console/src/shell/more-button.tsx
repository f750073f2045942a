import { Button } from "@mantine/core";

type Props = {
  label: string;
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
};

/** Loads the next page of a list; absent on the last page. */
export const MoreButton = ({ label, query }: Props) =>
  query.hasNextPage && (
    <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {label}
    </Button>
  );
