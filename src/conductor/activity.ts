/**
 * What the host does for a run: files, sockets, timers, threads that something in it has asked for. Known in Node (and in
 * part in Bun and Deno) through async_hooks, without the hooks of promises, which would slow down every await.
 */

import { host } from "../runtime/host.ts";
import type { Identity } from "./routine.ts";

interface Resource {
  hasRef?(): boolean;
  /** What a compressor works on. */
  readonly buffer?: unknown;
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
  /** Sockets and the like that keep the process alive. */
  _getActiveHandles?(): object[];
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
  // A server waits for whoever asks it. One that is asked by the bubble itself is waited for by its client.
  "TCPSERVERWRAP",
  "PIPESERVERWRAP",
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
    for (const [id, { type, resource }] of this.#alive) {
      const alive = resource.deref();
      // A compressor's object stays for the collector when it has done its work.
      if (type === "ZLIB" && (alive === undefined || alive.buffer === null)) this.#alive.delete(id);
      else if (alive !== undefined && isOfServer(alive)) continue;
      // What does not keep the process alive, such as the idle socket of an agent, is nothing to wait for.
      else if (alive?.hasRef?.() !== false) return true;
    }
    // A pooled socket that was there before is among the active ones only while somebody waits for it.
    return sockets() > this.#socketsBefore;
  }
}

function sockets(): number {
  const { process } = host as { process?: ProcessInfo };
  const handles = process?._getActiveHandles?.();
  if (handles !== undefined) return handles.filter((handle) => "connecting" in handle && !isServers(handle)).length;
  const info = process?.getActiveResourcesInfo?.() ?? [];
  return info.filter((type) => type === "TCPSocketWrap" || type === "PipeWrap").length;
}

function isServers(socket: object): boolean {
  return "server" in socket && Boolean(socket.server);
}

/** Tells whether a handle is that of a connection which a server has accepted. */
function isOfServer(handle: object): boolean {
  for (const symbol of Object.getOwnPropertySymbols(handle)) {
    if (symbol.description !== "owner_symbol") continue;
    const owner = (handle as Record<symbol, unknown>)[symbol];
    if (typeof owner === "object" && owner !== null && isServers(owner)) return true;
  }
  return false;
}
