/** Records runs with the worker that the pages have, at build time: what a page shows first need not wait for the engine. */

import { on } from "node:events";
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Recording, Reply, Request } from "../engine/protocol.ts";

/** What a browser's worker has, and Node's has not. */
const scope = `
const { parentPort } = require("node:worker_threads");
globalThis.postMessage = (message) => parentPort.postMessage(message);
globalThis.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ data, isTrusted: true }));
`;

/** Runs a program once for each seed. */
export async function record(engine: string, source: string, seeds: readonly number[]): Promise<Recording[]> {
  const worker = new Worker(scope + readFileSync(engine, "utf8"), { eval: true });
  const answers = on(worker, "message");
  const next = async (): Promise<Reply> => {
    for (;;) {
      const { value } = (await answers.next()) as { value: [Reply] };
      // On a slow machine a run gives signs of life.
      if (value[0].type !== "alive") return value[0];
    }
  };
  const found: Recording[] = [];
  try {
    const ready = await next();
    if (ready.type !== "ready") throw new Error(`the engine does not start: ${JSON.stringify(ready)}`);
    for (const seed of seeds) {
      worker.postMessage({ type: "run", seed, source } satisfies Request);
      const reply = await next();
      if (reply.type !== "recording") throw new Error(`no recording: ${JSON.stringify(reply)}`);
      found.push(reply.recording);
    }
  } finally {
    await worker.terminate();
  }
  return found;
}
