import { Box } from "@mantine/core";
import { ErrorNotice } from "../../../errors/error-notice.tsx";
import { DraftError } from "./save-draft.ts";

/** An error that no input shows. */
export function SaveError({ error }: { error: unknown }) {
  const isShownBesideFields =
    error instanceof DraftError && Object.keys(error.fieldErrors).length > 0 && !("" in error.fieldErrors);
  if (isShownBesideFields) return null;
  return (
    <Box mb="md">
      <ErrorNotice error={error instanceof DraftError ? error.cause : error} />
    </Box>
  );
}
