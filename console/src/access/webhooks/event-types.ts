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

/** What can be chosen, by what changes; everything is not chosen but the default. */
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
