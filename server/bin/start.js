// JavaScript, because an older Node cannot parse TypeScript to report that it is too old.
import module from "node:module";
import { fileURLToPath } from "node:url";

if (process.features.typescript) {
  // Compiling takes half of a start, and the TypeScript compiler stays in memory. The cache is next to the libraries,
  // where only their owner can write; without write access the program is compiled at each start.
  const { directory } = module.enableCompileCache(
    fileURLToPath(new URL("../../node_modules/.cache/clientele", import.meta.url)),
  );
  // Threads read the folder from the environment.
  if (directory) process.env.NODE_COMPILE_CACHE ??= directory;
  // Already applied to this process, and not meant for the database that it starts.
  delete process.env.MALLOC_ARENA_MAX;
  delete process.env.MALLOC_MMAP_THRESHOLD_;
  await import("../src/main.ts");
} else {
  process.stderr.write(
    `Clientele needs Node 22.18 or newer and this is ${process.versions.node}: \`npm rebuild node\` installs one.\n`,
  );
  process.exitCode = 1;
}
