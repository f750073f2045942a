import type * as contract from "@clientele/contract/import-jobs";
import type { Operation } from "../../call.ts";
import { withDefinitions } from "../../custom-fields/definitions.ts";
import { byteOrderMark, csvLine } from "../../tables/csv-line.ts";
import { templateHeadings } from "../../tables/headings.ts";

export const fetchTemplate: Operation<typeof contract.fetchImportTemplate> = ({ database }) =>
  withDefinitions(database, async (definitions) => {
    // Authorizes the caller and revalidates cached definitions.
    await database.batch([]);
    const line = csvLine(templateHeadings(definitions), ",");
    return {
      type: "text/csv; charset=utf-8",
      name: "import-template.csv",
      pieces: (async function* () {
        yield Buffer.from(byteOrderMark + line);
      })(),
    };
  });
