import { deliveryStatuses, type WebhookKind, webhookKinds } from "@clientele/contract/webhooks";
import type { Item } from "@clientele/sdk";
import { Refusal } from "@clientele/server";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Connection, connect, connecting } from "../connection.ts";
import { countOf } from "../count-of.ts";
import { count, plural } from "../measures.ts";
import { print, table } from "../operator/print.ts";
import { shown } from "../terminal.ts";

type Status = (typeof deliveryStatuses)[number];

/** Addresses that are told of changes, and what became of it. */
export function webhookCommand(): Command {
  const webhook = new Command("webhook").description("addresses that are told of changes, and their log");
  const one = (name: string, description: string) =>
    connecting(webhook.command(name))
      .description(description)
      .argument("<webhook>", "its id, as `clientele webhook list` shows it");
  const status = new Option("--status <status>", "only those").choices(deliveryStatuses);

  connecting(webhook.command("create"))
    .description("tell an address of changes from now on; prints the secret that signs, once")
    .argument("<url>", "https://…")
    .option("--kinds <kinds>", "what it is told of: customer.*,import.completed; all without it", kindsOf)
    .option("--description <text>", "what it is for")
    .action(async (url: string, options: Connection & { kinds?: WebhookKind[]; description?: string }) => {
      const { kinds, description } = options;
      const body = { url, ...(kinds && { kinds }), ...(description && { description }) };
      const { data } = await connect(options).createWebhook({ body });
      print(options.json, data, `Webhook ${data.id}\nSecret  ${data.secret} (shown this once)`);
    });

  connecting(webhook.command("list"))
    .description("list webhooks, newest first")
    .action(async (options: Connection) => {
      const data = await Array.fromAsync(connect(options).each("listWebhooks"));
      print(options.json, data, listOf(data));
    });

  one("rotate", "give it another secret; the former one signs as well for 24 hours").action(
    async (webhookId: string, options: Connection) => {
      const { data } = await connect(options).rotateWebhookSecret({ webhookId });
      print(options.json, data, `Secret  ${data.secret} (shown this once)`);
    },
  );

  one("test", "send it a delivery of the kind webhook.test").action(
    async (webhookId: string, options: Connection) => {
      const { data } = await connect(options).testWebhook({ webhookId });
      const next = `clientele webhook deliveries ${webhookId} says what became of it.`;
      print(options.json, data, `Delivery ${data.id} is on its way: ${next}`);
    },
  );

  one("deliveries", "list what was sent, newest first")
    .addOption(status)
    .option("--limit <count>", "how many", countOf, 20)
    .action(async (webhookId: string, options: Connection & { status?: Status; limit: number }) => {
      const query = { webhookId, limit: options.limit, ...(options.status && { status: options.status }) };
      const { data, total } = await connect(options).listWebhookDeliveries(query);
      const more = (total ?? 0) - data.length;
      print(options.json, data, `${logOf(data)}${more > 0 ? `\nand ${count(more)} more` : ""}`);
    });

  one("redeliver", "send a delivery again, or those of a time")
    .argument("[delivery]", "its id; without it --from says which")
    .option("--from <time>", "those made since this date or time")
    .option("--to <time>", "and until this one")
    .addOption(status)
    .action(async (webhookId: string, deliveryId: string | undefined, options: RedeliverOptions) => {
      const client = connect(options);
      const { from, to } = options;
      if (deliveryId !== undefined) {
        const { data } = await client.redeliverWebhookDelivery({ webhookId, deliveryId });
        print(options.json, data, `Delivery ${data.id} is sent again.`);
        return;
      }
      if (from === undefined) throw new Refusal("Name a delivery, or a time by --from.");
      const body = { from, ...(to && { to }), ...(options.status && { status: options.status }) };
      const { data } = await client.redeliverWebhook({ webhookId, body });
      print(options.json, data, `Sent again: ${plural(data.redelivered, "delivery", "deliveries")}.`);
    });

  return webhook;
}

type RedeliverOptions = Connection & { from?: string; to?: string; status?: Status };

function kindsOf(text: string): WebhookKind[] {
  return text.split(",").map((name) => {
    const kind = webhookKinds.find((it) => it === name.trim());
    if (kind === undefined) throw new InvalidArgumentError(`Kinds are ${webhookKinds.join(", ")}.`);
    return kind;
  });
}

function listOf(webhooks: readonly Item<"listWebhooks">[]): string {
  if (webhooks.length === 0) return "There are no webhooks.";
  return table(
    ["ID", "STATE", "KINDS", "URL", "DESCRIPTION"],
    webhooks.map(({ id, stopReason, failingSince, kinds, url, description }) => [
      id,
      stopReason ?? (failingSince === null ? "active" : `failing since ${failingSince}`),
      kinds.join(","),
      shown(url),
      shown(description),
    ]),
  );
}

function logOf(deliveries: readonly Item<"listWebhookDeliveries">[]): string {
  if (deliveries.length === 0) return "There are no such deliveries.";
  return table(
    ["ID", "CREATED", "KIND", "STATUS", "ATTEMPTS", "LAST", "NEXT"],
    deliveries.map(({ id, createdAt, kind, status, attemptCount, lastAttempt, nextAttemptAt }) => [
      id,
      createdAt,
      kind,
      status,
      `${attemptCount}`,
      shown(lastAttempt === null ? "" : `${lastAttempt.status ?? lastAttempt.error}`),
      nextAttemptAt ?? "",
    ]),
  );
}
