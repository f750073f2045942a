import { builtConsole } from "@clientele/console";
import { readConfig } from "./config.ts";
import { greeting } from "./first-run/greeting.ts";
import { openLog } from "./logging/log.ts";
import { failureMessage } from "./process/failure-message.ts";
import { handleShutdown } from "./process/shutdown.ts";
import { startService } from "./service.ts";
import { required } from "./validation/required.ts";

// The reader of the output may exit (`npm start | head`): the service keeps running.
for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);

try {
  const config = readConfig();
  const log = openLog(config.logLevel);
  const consoleFolder = config.console === "on" ? await buildConsole() : null;
  const onLost = (error: Error) => {
    printError(error);
    shutDown(1);
  };
  const starting = startService(config, log, onLost, consoleFolder);
  // A signal during the start waits for the start to finish: a half-started database cannot be stopped.
  const shutDown = handleShutdown(async () => {
    const service = await starting.catch(() => undefined);
    await service?.stop();
  }, log);
  try {
    process.stdout.write(`${greeting(await starting, config.dataFolder)}\n`);
  } catch (error) {
    printError(error);
    shutDown(1);
  }
} catch (error) {
  printError(error);
  process.exitCode = 1;
}

/** Returns null when the build fails: the API works without the console. */
async function buildConsole(): Promise<string | null> {
  try {
    return await builtConsole((sentence) => process.stdout.write(`${sentence}\n`));
  } catch (error) {
    process.stderr.write(
      `The console cannot be built (${lastLine(error)}): Clientele starts without the console.\n`,
    );
    return null;
  }
}

function lastLine(error: unknown): string {
  return required(
    String((error as Error).message)
      .trim()
      .split("\n")
      .at(-1),
    "the last line of the error",
  );
}

function printError(error: unknown): void {
  process.stderr.write(`${failureMessage(error) ?? (error as Error).stack ?? String(error)}\n`);
}
