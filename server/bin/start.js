// Plain JavaScript: an older Node could not even read the service to say that it is too old.
if (process.features.typescript) {
  await import("../src/main.ts");
} else {
  process.stderr.write(
    `Clientele needs Node 22.18 or newer and this is ${process.versions.node}: \`npm rebuild node\` brings one along.\n`,
  );
  process.exitCode = 1;
}
