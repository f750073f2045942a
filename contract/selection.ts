import { Type } from "typebox";
import { CustomerFilters } from "./customers.ts";
import { closed } from "./formats.ts";

/** Maximum number of customers that a request selects by id. */
const selectedIdsMax = 10_000;

const ids = (description: string) =>
  Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: selectedIdsMax, description }));

export const Selection = Type.Object(
  {
    ids: ids("Customers with these ids."),
    query: Type.Optional(CustomerFilters),
    except_ids: ids("Ids of customers to exclude from the matches of `query`."),
  },
  {
    ...closed,
    title: "Selection",
    description: "Customers by `ids` or by `query`. The query `{}` selects all customers.",
  },
);
