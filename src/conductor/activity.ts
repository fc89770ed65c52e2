/**
 * What the host does for a run: files, sockets, timers, threads that something in it has asked for. Known in Node (and in
 * part in Bun and Deno) through async_hooks, without the hooks of promises, which would slow down every await.
 */

import { host } from "../runtime/host.ts";
import type { Identity } from "./routine.ts";

interface Resource {
  hasRef?(): boolean;
}

interface AsyncHook {
  enable(): unknown;
  disable(): unknown;
}

interface AsyncHooks {
  createHook?(hooks: object): AsyncHook;
  AsyncLocalStorage: new () => Identity;
}

interface ProcessInfo {
  getActiveResourcesInfo?(): string[];
}

const asyncHooks = host.process?.getBuiltinModule?.<AsyncHooks>("node:async_hooks");

/** Who is at work, where the host can tell. */
export const hostIdentity: Identity | undefined = asyncHooks && new asyncHooks.AsyncLocalStorage();

/** These are alive without anything to come. */
const silent = new Set([
  "gocsp",
  // Nodes before 24 do not know trackPromises.
  "PROMISE",
  "TickObject",
  "Microtask",
  "Immediate",
  "FILEHANDLE",
  "STREAM_END_OF_STREAM",
  "HTTPINCOMINGMESSAGE",
]);

/** The activity that something in a run has begun, and that is not over. */
export class Activity {
  readonly #alive = new Map<number, { readonly type: string; readonly resource: WeakRef<Resource> }>();
  readonly #hook: AsyncHook | undefined;
  /** Sockets that were in use before the run. */
  #socketsBefore = 0;

  constructor() {
    this.#hook = asyncHooks?.createHook?.({
      init: (id: number, type: string, _: number, resource: Resource) => {
        // What does not belong to a goroutine is the test runner's, whose timers would stop the clock for good.
        if (silent.has(type) || hostIdentity?.getStore() === undefined) return;
        this.#alive.set(id, { type, resource: new WeakRef(resource) });
      },
      destroy: (id: number) => this.#alive.delete(id),
      // A compressor's object stays for the collector when it has done its work.
      after: (id: number) => {
        if (this.#alive.get(id)?.type === "ZLIB") this.#alive.delete(id);
      },
      trackPromises: false,
    });
  }

  start(): void {
    this.#socketsBefore = sockets();
    this.#hook?.enable();
  }

  stop(): void {
    this.#hook?.disable();
    this.#alive.clear();
  }

  /** Tells whether anything may still come from the world outside. */
  any(): boolean {
    for (const { resource } of this.#alive.values()) {
      // What does not keep the process alive, such as the idle socket of an agent, is nothing to wait for.
      if (resource.deref()?.hasRef?.() !== false) return true;
    }
    // A pooled socket that was there before is among the active ones only while somebody waits for it.
    return sockets() > this.#socketsBefore;
  }
}

function sockets(): number {
  const info = (host.process as ProcessInfo | undefined)?.getActiveResourcesInfo?.() ?? [];
  return info.filter((type) => type === "TCPSocketWrap" || type === "PipeWrap").length;
}
