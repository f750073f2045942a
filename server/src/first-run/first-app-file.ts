import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OperatorError } from "../process/operator-error.ts";

/** The credentials of the first app, as commands and scripts read them. */
export type FirstApp = { enterpriseId: string; companyIds: string[]; appId: string; appSecret: string };

export const firstAppFile = (dataFolder: string): string => join(dataFolder, "first-app.json");

/**
 * Writes the file with mode 600 and returns once it is durable on disk. An earlier file, perhaps of another
 * database, is renamed after its enterprise, because it may hold the only copy of a secret.
 */
export async function writeFirstApp(dataFolder: string, app: FirstApp): Promise<void> {
  const path = firstAppFile(dataFolder);
  const temporaryPath = `${path}.new-${process.pid}`;
  try {
    await mkdir(dataFolder, { recursive: true });
    await backUpEarlierFile(path);
    const file = await open(temporaryPath, "w", 0o600);
    try {
      await file.writeFile(`${JSON.stringify(app, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporaryPath, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporaryPath, { force: true }).catch(() => undefined);
    throw new OperatorError(
      `The secret of the first app cannot be kept in ${path} (${(error as Error).message}): set CLIENTELE_DATA to a folder that Clientele may write.`,
      { cause: error },
    );
  }
}

async function backUpEarlierFile(path: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const enterpriseId = /"enterpriseId": *"([0-9a-f]{24})"/.exec(text)?.[1] ?? "unknown";
  await rename(path, path.replace(/\.json$/, `.${enterpriseId}.json`));
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}
