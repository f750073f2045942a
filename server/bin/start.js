// Plain JavaScript: an older Node could not even read the service to say that it is too old.
import module from "node:module";
import { fileURLToPath } from "node:url";

if (process.features.typescript) {
  // Half of a start is reading the program, and what reads TypeScript stays in memory. What was read once is kept
  // beside the libraries, where only their owner writes; where nobody may, it is read anew.
  const { directory } = module.enableCompileCache(
    fileURLToPath(new URL("../../node_modules/.cache/clientele", import.meta.url)),
  );
  // For threads: they do not have it otherwise.
  if (directory) process.env.NODE_COMPILE_CACHE ??= directory;
  // Heard already, and meant for this process alone: the database that it starts has a memory of its own.
  delete process.env.MALLOC_ARENA_MAX;
  delete process.env.MALLOC_MMAP_THRESHOLD_;
  await import("../src/main.ts");
} else {
  process.stderr.write(
    `Clientele needs Node 22.18 or newer and this is ${process.versions.node}: \`npm rebuild node\` brings one along.\n`,
  );
  process.exitCode = 1;
}
