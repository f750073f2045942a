import { readConfig } from "./config.ts";
import { exitInOrder } from "./exit-in-order.ts";
import { greeting } from "./first-run/greeting.ts";
import { openLog } from "./log.ts";
import { sentenceOf } from "./sentence.ts";
import { startService } from "./service.ts";

// Whoever read the greeting may have gone (`npm start | head`): the service stays.
for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);

try {
  const config = readConfig();
  const log = openLog(config.logLevel);
  const starting = startService(config, log, (error) => {
    say(error);
    exit(1);
  });
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

function say(error: unknown): void {
  process.stderr.write(`${sentenceOf(error) ?? (error as Error).stack ?? String(error)}\n`);
}
