import { deliveryStatuses, type WebhookKind, webhookKinds } from "@clientele/contract/webhooks";
import type { Item } from "@clientele/sdk";
import { OperatorError } from "@clientele/server";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Connection, connect, withConnectionOptions } from "../connection.ts";
import { formatCount, plural } from "../format-numbers.ts";
import { parseCount } from "../parse-count.ts";
import { print, table } from "../print.ts";
import { printable } from "../terminal.ts";

type Status = (typeof deliveryStatuses)[number];

export function webhookCommand(): Command {
  const webhook = new Command("webhook").description(
    "manage webhooks, which deliver change events to your endpoints",
  );
  const subcommand = (name: string, description: string) =>
    withConnectionOptions(webhook.command(name))
      .description(description)
      .argument("<webhook>", "webhook id, as shown by `clientele webhook list`");
  const status = new Option("--status <status>", "only deliveries with this status").choices(
    deliveryStatuses,
  );

  withConnectionOptions(webhook.command("create"))
    .description("deliver future changes to an endpoint; prints the signing secret once")
    .argument("<url>", "https://…")
    .option(
      "--kinds <kinds>",
      "event types to deliver, such as customer.*,import.completed (default: all)",
      parseKinds,
    )
    .option("--description <text>", "free text for your own use")
    .action(async (url: string, options: Connection & { kinds?: WebhookKind[]; description?: string }) => {
      const { kinds, description } = options;
      const body = { url, ...(kinds && { kinds }), ...(description && { description }) };
      const { data } = await connect(options).createWebhook({ body });
      print(options.json, data, `Webhook ${data.id}\nSecret  ${data.secret} (shown only once)`);
    });

  withConnectionOptions(webhook.command("list"))
    .description("list webhooks, newest first")
    .action(async (options: Connection) => {
      const data = await Array.fromAsync(connect(options).each("listWebhooks"));
      print(options.json, data, webhookTable(data));
    });

  subcommand("rotate", "create a new secret; the old one stays valid for 24 hours").action(
    async (webhookId: string, options: Connection) => {
      const { data } = await connect(options).rotateWebhookSecret({ webhookId });
      print(options.json, data, `Secret  ${data.secret} (shown only once)`);
    },
  );

  subcommand("test", "send a test delivery of the type webhook.test").action(
    async (webhookId: string, options: Connection) => {
      const { data } = await connect(options).testWebhook({ webhookId });
      const next = `see clientele webhook deliveries ${webhookId}.`;
      print(options.json, data, `Delivery ${data.id} is queued; ${next}`);
    },
  );

  subcommand("deliveries", "list deliveries, newest first")
    .addOption(status)
    .option("--limit <count>", "number of deliveries", parseCount, 20)
    .action(async (webhookId: string, options: Connection & { status?: Status; limit: number }) => {
      const query = { webhookId, limit: options.limit, ...(options.status && { status: options.status }) };
      const { data, total } = await connect(options).listWebhookDeliveries(query);
      const more = (total ?? 0) - data.length;
      print(options.json, data, `${deliveryTable(data)}${more > 0 ? `\nand ${formatCount(more)} more` : ""}`);
    });

  subcommand("redeliver", "send one delivery again, or all deliveries of a period")
    .argument("[delivery]", "delivery id; or select deliveries with --from")
    .option("--from <time>", "deliveries created since this date or time")
    .option("--to <time>", "deliveries created until this date or time")
    .addOption(status)
    .action(async (webhookId: string, deliveryId: string | undefined, options: RedeliverOptions) => {
      const client = connect(options);
      const { from, to } = options;
      if (deliveryId !== undefined) {
        const { data } = await client.redeliverWebhookDelivery({ webhookId, deliveryId });
        print(options.json, data, `Delivery ${data.id} is queued again.`);
        return;
      }
      if (from === undefined) throw new OperatorError("Name a delivery or a period with --from.");
      const body = { from, ...(to && { to }), ...(options.status && { status: options.status }) };
      const { data } = await client.redeliverWebhook({ webhookId, body });
      print(options.json, data, `Queued again: ${plural(data.redelivered, "delivery", "deliveries")}.`);
    });

  return webhook;
}

type RedeliverOptions = Connection & { from?: string; to?: string; status?: Status };

function parseKinds(text: string): WebhookKind[] {
  return text.split(",").map((name) => {
    const kind = webhookKinds.find((webhookKind) => webhookKind === name.trim());
    if (kind === undefined) throw new InvalidArgumentError(`Event types are ${webhookKinds.join(", ")}.`);
    return kind;
  });
}

function webhookTable(webhooks: readonly Item<"listWebhooks">[]): string {
  if (webhooks.length === 0) return "No webhooks.";
  return table(
    ["ID", "STATE", "KINDS", "URL", "DESCRIPTION"],
    webhooks.map(({ id, stopReason, failingSince, kinds, url, description }) => [
      id,
      stopReason ?? (failingSince === null ? "active" : `failing since ${failingSince}`),
      kinds.join(","),
      printable(url),
      printable(description),
    ]),
  );
}

function deliveryTable(deliveries: readonly Item<"listWebhookDeliveries">[]): string {
  if (deliveries.length === 0) return "No deliveries.";
  return table(
    ["ID", "CREATED", "KIND", "STATUS", "ATTEMPTS", "LAST RESULT", "NEXT ATTEMPT"],
    deliveries.map(({ id, createdAt, kind, status, attemptCount, lastAttempt, nextAttemptAt }) => [
      id,
      createdAt,
      kind,
      status,
      `${attemptCount}`,
      printable(lastAttempt === null ? "" : `${lastAttempt.status ?? lastAttempt.error}`),
      nextAttemptAt ?? "",
    ]),
  );
}
