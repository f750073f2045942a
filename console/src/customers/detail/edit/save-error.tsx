import { Box } from "@mantine/core";
import { ErrorNotice } from "../../../errors/error-notice.tsx";
import { DraftRefused } from "./save-draft.ts";

/** Why a draft was not saved, as far as no input says so. */
export function Refusal({ error }: { error: unknown }) {
  const isSaidBeside =
    error instanceof DraftRefused && Object.keys(error.faults).length > 0 && !("" in error.faults);
  if (isSaidBeside) return null;
  return (
    <Box mb="md">
      <ErrorNotice error={error instanceof DraftRefused ? error.cause : error} />
    </Box>
  );
}
