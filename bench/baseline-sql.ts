/** The columns that a customer's JSON needs, of the customers that `customers` selects. */
export const rowsOf = (customers: string): string =>
  `select c.id, c.external_id, c.values, c.tag_ids, v.total_bookings, v.updated_at, v.version
   from (${customers}) c cross join lateral (
     select * from customer_versions v where v.enterprise_id = c.enterprise_id and v.customer_id = c.id limit 1) v`;

const order = "first_name_key, last_name_key, id";

/** The first customers by name, with the enterprise's key and their number as SQL. */
export const inOrder = (enterprise: string, most: string): string =>
  `${rowsOf(`select * from customers where enterprise_id = ${enterprise} order by ${order} limit ${most}`)}
   order by c.first_name_key, c.last_name_key, c.id`;
