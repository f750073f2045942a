import { builtConsole } from "@clientele/console";
import { readConfig } from "./config.ts";
import { greeting } from "./first-run/greeting.ts";
import { openLog } from "./logging/log.ts";
import { sentenceOf } from "./process/failure-message.ts";
import { exitInOrder } from "./process/shutdown.ts";
import { startService } from "./service.ts";
import { required } from "./validation/required.ts";

// Whoever read the greeting may have gone (`npm start | head`): the service stays.
for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);

try {
  const config = readConfig();
  const log = openLog(config.logLevel);
  const consoleFolder = config.console === "on" ? await buildConsole() : null;
  const onLost = (error: Error) => {
    say(error);
    exit(1);
  };
  const starting = startService(config, log, onLost, consoleFolder);
  // A signal during the start waits for it: a database that is half started is nobody's to stop.
  const exit = exitInOrder(async () => {
    const service = await starting.catch(() => undefined);
    await service?.stop();
  }, log);
  try {
    process.stdout.write(`${greeting(await starting, config.dataFolder)}\n`);
  } catch (error) {
    say(error);
    exit(1);
  }
} catch (error) {
  say(error);
  process.exitCode = 1;
}

/** Null when it cannot be built: programs are served all the same. */
async function buildConsole(): Promise<string | null> {
  try {
    return await builtConsole((sentence) => process.stdout.write(`${sentence}\n`));
  } catch (error) {
    process.stderr.write(`The console cannot be built (${firstLine(error)}): Clientele starts without it.\n`);
    return null;
  }
}

function firstLine(error: unknown): string {
  return required(
    String((error as Error).message)
      .trim()
      .split("\n")
      .at(-1),
    "String((error as Error).message) .trim() .split(''",
  );
}

function say(error: unknown): void {
  process.stderr.write(`${sentenceOf(error) ?? (error as Error).stack ?? String(error)}\n`);
}
