// Plain JavaScript: an older Node could not even read the service to say that it is too old.
import module from "node:module";
import { fileURLToPath } from "node:url";

if (process.features.typescript) {
  // Half of a start is reading the program. What was read once is kept beside the libraries, where only their owner
  // writes; where nobody may, it is read anew.
  module.enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/clientele", import.meta.url)));
  await import("../src/main.ts");
} else {
  process.stderr.write(
    `Clientele needs Node 22.18 or newer and this is ${process.versions.node}: \`npm rebuild node\` brings one along.\n`,
  );
  process.exitCode = 1;
}
