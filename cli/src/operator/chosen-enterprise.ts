import { listEnterprises, Refusal } from "@clientele/server";
import type { Installation } from "./run.ts";

export const enterpriseOption = [
  "-e, --enterprise <id>",
  "the enterprise; can be left out when there is only one",
] as const;

/** The enterprise that the command names, or the only one there is. */
export async function chosenEnterprise(
  { operator }: Installation,
  named: string | undefined,
): Promise<string> {
  if (named !== undefined) return named;
  const [only, ...others] = await listEnterprises(operator);
  if (!only) throw new Refusal("There is no enterprise yet: `clientele enterprise create <name>` makes one.");
  if (others.length === 0) return only.id;
  throw new Refusal(
    `There are ${others.length + 1} enterprises: say which one with --enterprise <id> (\`clientele enterprise list\` shows them).`,
  );
}
