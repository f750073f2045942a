import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { CustomersSearch } from "../customers/customers-search.ts";

/** A number that links to the customers behind it. */
export const CustomersLink = ({ search, children }: { search: CustomersSearch; children: ReactNode }) => (
  <Anchor
    size="sm"
    lh="1.5rem"
    display="inline-block"
    style={{ verticalAlign: "top" }}
    renderRoot={(props) => <Link to="/customers" search={search} {...props} />}
  >
    {children}
  </Anchor>
);
