/** The program of a worker: SQLite, and a port through which the tasks come. */

import { parentPort, workerData } from "node:worker_threads";
import type { Reply } from "./tasks.ts";
import type { Greeting, Request, WorkerData } from "./thread-protocol.ts";
import { Thread } from "./thread.ts";
import { load } from "./wasm.ts";

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
