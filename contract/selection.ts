import { Type } from "typebox";
import { CustomerFilters } from "./customers.ts";
import { closed } from "./formats.ts";

/** Customers that a request names one by one. */
const selectedIdsMax = 10_000;

const ids = (description: string) =>
  Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: selectedIdsMax, description }));

export const Selection = Type.Object(
  {
    ids: ids("These customers."),
    query: Type.Optional(CustomerFilters),
    except_ids: ids("Of those that the query finds, all but these."),
  },
  { ...closed, title: "Selection", description: "`ids` or `query`: `{}` as a query is every customer." },
);
