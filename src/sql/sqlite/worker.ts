/** The program of a worker: SQLite, and a port through which the tasks come. */

import { parentPort, workerData } from "node:worker_threads";
import type { Greeting, Reply, Request, WorkerData } from "./protocol.ts";
import { Thread } from "./thread.ts";
import type { Package, Sqlite } from "./wasm.ts";

/** The part of a host's port that is used. */
interface Port {
  on(event: "message", listener: (request: Request) => void): unknown;
  postMessage(message: Greeting | Reply): void;
}

if (parentPort !== null) void serve(parentPort, workerData as WorkerData);

async function serve(port: Port, data: WorkerData): Promise<void> {
  try {
    const thread = new Thread(await load(), data);
    port.on("message", (request) => port.postMessage(thread.perform(request)));
    port.postMessage({ ready: true });
  } catch (error) {
    const { message, code } = error as { message?: unknown; code?: unknown };
    port.postMessage({ ready: { message: String(message ?? error), code } });
  }
}

async function load(): Promise<Sqlite> {
  // Not a literal: users without the package can still compile, and bundlers leave it alone.
  const name = "@sqlite.org/sqlite-wasm";
  const silent = (): void => undefined;
  // It prints what it throws as well.
  Object.assign(globalThis, { sqlite3ApiConfig: { log: silent, warn: silent, error: silent, debug: silent } });
  const { default: start } = (await import(name)) as Package;
  return start({ print: silent, printErr: silent });
}
