import { writeFile } from "node:fs/promises";
import { sortNames } from "@clientele/contract/customers";
import { createApp } from "../server/src/app.ts";
import { openDatabase } from "../server/src/database/open.ts";
import { type Tapped, tap } from "../server/src/testing/statement-tap.ts";
import type { Environment } from "./environment.ts";
import { explain } from "./explain.ts";
import type { Figure } from "./report.ts";
import { searches } from "./search.ts";

const lists = [
  "",
  ...[...sortNames, "city"].flatMap((sort) => [`sort=${sort}`, `sort=${sort}&sort_type=desc`]),
  "page=1000",
  "updated_since=2020-01-01",
  "updated_since=2099-01-01",
  "first_name_letter=a",
  "last_name_letter=%23",
  "booker_id=nobody",
  "external_ids=K-1,K-2",
  "tag_ids=0123456789abcdef01234567",
  "filter[city]=Berlin",
  "filter[zipcode]=12345",
  "filter[city]=Berlin&q=anna",
  ...searches.map((q) => `q=${encodeURIComponent(q)}`),
];

/** Writes the plan of every kind of list, run as the service's role, and reports which read the whole table. */
export async function explainLists(environment: Environment): Promise<Figure[]> {
  const { service } = environment;
  const database = await openDatabase({ place: { url: environment.databaseUrl }, log: () => undefined });
  let seen: Tapped[] = [];
  tap(database.service, ({ statements }) => seen.push(...statements));
  const app = await createApp({ database });
  const texts: string[] = [];
  const scanning: string[] = [];
  for (const query of lists) {
    const url = `/v1/enterprise-customers?limit=50&${query}`;
    const headers = { authorization: `Bearer ${service.token}` };
    await app.inject({ url, headers });
    seen = [];
    const answer = await app.inject({ url, headers });
    if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.body}`);
    for (const { text, values } of seen.filter(({ text }) => /\b(customers|customer_counts)\b/.test(text))) {
      const plan = await explain(environment, { text, values });
      texts.push(`## ${query || "no parameters"}\n\n${plan}\n`);
      if (/Seq Scan on customers\b.*\(actual/.test(plan)) scanning.push(query);
    }
  }
  await app.close();
  await database.close();
  await writeFile(new URL("plans.txt", import.meta.url), texts.join("\n"));
  return [
    {
      measurement: `plans of ${lists.length} lists (plans.txt)`,
      result:
        scanning.length === 0 ? "none reads the whole table" : `whole table read by: ${scanning.join(", ")}`,
      baseline: "",
      ratio: "",
      target: scanning.length === 0 ? "none: met" : "none: **missed**",
    },
  ];
}
