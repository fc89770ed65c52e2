import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a program ended. `code` is null if it was killed because it did not end. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const entry = (name: string): string => JSON.stringify(new URL(`../../src/${name}`, import.meta.url).href);

const header = `
import { chan, context, gosched, go, main, select, time } from ${entry("index.ts")};
const background = context.background();
`;

/**
 * Runs a JavaScript module in a process of its own, with the library's names in scope. The programs of these tests wait
 * for a second or less, or would wait for an hour: any limit in between gives the same result.
 */
export function run(program: string, limit = 60_000): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", header + program], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limit,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text) => (stdout += String(text)));
    child.stderr.on("data", (text) => (stderr += String(text)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
