import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../bin/clientele.js", import.meta.url));

export type CommandResult = { code: number | null; stdout: string; stderr: string };

/** Runs the command as a process with the given environment and without inherited CLIENTELE_ variables. */
export async function runClientele(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  { stdin, cwd }: { stdin?: string; cwd?: string } = {},
): Promise<CommandResult> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("CLIENTELE_"));
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { ...Object.fromEntries(inherited), ...environment },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(stdin);
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout!),
    textOf(child.stderr!),
    new Promise<number | null>((resolve, reject) => child.on("close", resolve).on("error", reject)),
  ]);
  return { code, stdout, stderr };
}

const textOf = async (stream: NodeJS.ReadableStream): Promise<string> =>
  Buffer.concat((await Array.fromAsync(stream)) as Buffer[]).toString();
