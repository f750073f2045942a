import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** True for zombies too, and for whoever was given the pid since. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Arguments parted by spaces; empty for a process that is gone, a zombie, or not ours to look at. */
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
