import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Also true for a zombie, and for another process that reuses the pid. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Arguments joined by spaces; empty for a process that has ended, is a zombie or cannot be read. */
export async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === "linux") {
      return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    }
    const query = `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`;
    const { stdout } =
      process.platform === "win32"
        ? await run("powershell", ["-NoProfile", "-Command", query], { windowsHide: true })
        : await run("ps", ["-ww", "-o", "command=", "-p", `${pid}`]);
    return stdout.replaceAll('"', "");
  } catch {
    return "";
  }
}
