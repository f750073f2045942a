import { createServer } from "node:http";
import pg from "pg";

/**
 * The baseline of the service: the same SELECTs through the same driver behind plain node:http, without tokens,
 * validation, row-level security or a contract.
 */
const pool = new pg.Pool({
  connectionString: process.env["DATABASE_URL"],
  max: 16,
  options: "-c search_path=clientele -c timezone=UTC",
});
const select = `select c.id, c.external_id, c.values, c.tag_ids, v.total_bookings, v.updated_at, v.version
  from customers c join customer_versions v on v.enterprise_id = c.enterprise_id and v.customer_id = c.id`;
const fetchOne = {
  name: "fetch",
  rowMode: "array" as const,
  text: `${select} where c.enterprise_id = $1 and c.id = $2`,
};
const list = {
  name: "list",
  rowMode: "array" as const,
  text: `${select} where c.enterprise_id = $1 order by c.first_name_key, c.last_name_key, c.id limit $2`,
};

const server = createServer((request, response) => {
  const [, kind, enterpriseId, last] = request.url!.split("/");
  const statement = kind === "fetch" ? fetchOne : list;
  pool.query({ ...statement, values: [enterpriseId, last] }).then(
    ({ rows }) => {
      response.setHeader("content-type", "application/json; charset=utf-8");
      response.end(JSON.stringify({ data: rows, status: 1 }));
    },
    (error) => {
      response.statusCode = 500;
      response.end(String(error));
    },
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send!({ port: typeof address === "object" ? address?.port : undefined });
});
process.on("disconnect", () => process.exit());
