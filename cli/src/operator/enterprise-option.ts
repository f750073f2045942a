import { listEnterprises, OperatorError } from "@clientele/server";
import type { Installation } from "./installation.ts";

export const enterpriseOption = [
  "-e, --enterprise <id>",
  "enterprise id (default: the only enterprise)",
] as const;

/** The given enterprise, or the only one of the installation. */
export async function resolveEnterprise(
  { operator }: Installation,
  enterpriseId: string | undefined,
): Promise<string> {
  if (enterpriseId !== undefined) return enterpriseId;
  const [only, ...others] = await listEnterprises(operator);
  if (!only)
    throw new OperatorError(
      "There is no enterprise yet: create one with `clientele enterprise create <name>`.",
    );
  if (others.length === 0) return only.id;
  throw new OperatorError(
    `There are ${others.length + 1} enterprises: choose one with --enterprise <id> (\`clientele enterprise list\` shows them).`,
  );
}
