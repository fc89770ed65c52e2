/** A program of the guide that runs, and a client that leaves it. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Program extends AsyncDisposable {
  readonly url: string;
  /** Sends a request, and leaves when told to. */
  readonly ask: (path: string) => Promise<Socket>;
  /** Returns what it has printed so far. */
  readonly printed: () => string;
  /** Ends the program and returns its exit code and what it printed. */
  readonly stop: (signal: NodeJS.Signals) => Promise<{ code: number | null; printed: string }>;
}

/** Starts a program and waits until it listens. */
export async function start(folder: string, file: string, env: Record<string, string>): Promise<Program> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(folder, file)], {
    cwd: folder,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  }
  const ended = once(child, "close");
  while (!(await listens(port))) {
    if (!isAlive(child)) throw new Error(`${file} does not start:\n${printed}`);
    await pause();
  }
  const stop: Program["stop"] = async (signal) => {
    child.kill(signal);
    await ended;
    return { code: child.exitCode, printed };
  };
  return {
    url: `http://127.0.0.1:${port}`,
    ask: async (path) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      await once(socket, "connect");
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      return socket;
    },
    printed: () => printed,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop("SIGKILL")),
  };
}

/** Runs a program to its end and returns what it printed. */
export async function startAlone(
  folder: string,
  file: string,
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(folder, file), ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  return stdout + stderr;
}

/** Asks again and again until something holds. */
export async function until<T>(question: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await question();
    if (holds(answer)) return answer;
    await pause();
  }
}

/** Returns a port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Waits a moment before asking again. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
