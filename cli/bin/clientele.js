#!/usr/bin/env node
// Plain JavaScript, so that an older Node can parse it and start the Node that is installed with Clientele.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

if (process.features.typescript) {
  // The compile cache lives in node_modules, which only its owner can write.
  module.enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/clientele", import.meta.url)));
  await import("../src/main.ts");
} else {
  const node = installedNode();
  if (node) {
    runWith(node);
  } else {
    process.stderr.write(
      `Clientele needs Node 22.18 or newer and this is ${process.versions.node}: \`npm rebuild node\` installs one.\n`,
    );
    process.exitCode = 1;
  }
}

function installedNode() {
  try {
    const program = createRequire(import.meta.url).resolve("node/bin/node");
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

function runWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  // A terminal sends Ctrl-C to both processes: this one only waits for the other to end.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
