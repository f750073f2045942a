import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer as createNetServer } from "node:net";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

/** `npm run dev`: the console with hot reload, in front of a service that restarts when its sources change. */
const host = "127.0.0.1";
const port = Number(process.env["PORT"] ?? 3030);
const address = `http://${host}:${port}`;
const servicePort = await freePort();
const serviceAddress = `http://${host}:${servicePort}`;

const service = spawn(
  process.execPath,
  [
    "--watch",
    "--watch-preserve-output",
    fileURLToPath(new URL("../../server/bin/start.js", import.meta.url)),
  ],
  {
    env: {
      ...process.env,
      HOST: host,
      PORT: `${servicePort}`,
      CLIENTELE_CONSOLE: "external",
      CLIENTELE_URL: address,
    },
    // A process group of its own: Ctrl-C reaches it once, from here, after the page's server has closed.
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "inherit"],
  },
);
// The address to open is the one with the console.
service.stdout
  .setEncoding("utf8")
  .on("data", (text: string) => process.stdout.write(text.replaceAll(serviceAddress, address)));

const paths = ["/v1", "/auth", "/docs", "/openapi.json", "/health", "/metrics"];
const page = await createServer({
  root: fileURLToPath(new URL("..", import.meta.url)),
  clearScreen: false,
  logLevel: "warn",
  server: {
    host,
    port,
    strictPort: true,
    proxy: Object.fromEntries(paths.map((path) => [path, serviceAddress])),
  },
});
const ended = once(service, "exit");
await page.listen().catch(async (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
  service.kill("SIGTERM");
});

let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    void page.close().then(() => service.kill("SIGTERM"));
  });
await ended;
await page.close();

async function freePort(): Promise<number> {
  const probe = createNetServer().listen(0, host);
  await once(probe, "listening");
  const bound = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}
