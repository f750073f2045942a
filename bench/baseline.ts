import { createServer } from "node:http";
import pg from "pg";
import { sessionSettings } from "../server/src/database/session-settings.ts";
import { inOrder, rowsOf } from "./baseline-sql.ts";

/**
 * The baseline of the service: the same SELECTs with the same settings through the same driver behind plain node:http,
 * without tokens, validation, row-level security or a contract.
 */
const settings = Object.entries({ ...sessionSettings, enable_sort: "off" });
const pool = new pg.Pool({
  connectionString: process.env["DATABASE_URL"],
  max: 16,
  options: settings.map(([name, value]) => `-c ${name}=${value}`).join(" "),
});
const fetchOne = {
  name: "fetch",
  rowMode: "array" as const,
  text: rowsOf("select * from customers where enterprise_id = $1 and id = $2"),
};
const list = { name: "list", rowMode: "array" as const, text: inOrder("$1", "$2") };

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
