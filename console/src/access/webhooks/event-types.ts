import type { WebhookKind } from "@clientele/contract/webhooks";

const subjects = [
  "customer",
  "custom_field",
  "category",
  "tag",
  "event",
  "company",
  "app",
  "webhook",
  "person",
] as const;

/** Selectable event types, grouped by resource. An empty selection means all events. */
export const eventTypeGroups: { subject: (typeof subjects)[number] | "import"; kinds: WebhookKind[] }[] = [
  ...subjects.map((subject) => ({
    subject,
    kinds: [
      `${subject}.*`,
      `${subject}.created`,
      `${subject}.updated`,
      `${subject}.deleted`,
    ] satisfies WebhookKind[],
  })),
  { subject: "import", kinds: ["import.completed"] },
];

export const allEventTypes = ["*"] satisfies WebhookKind[];
