/**
 * What the host does for a run: files, sockets, timers, threads that something in it has asked for. Known in Node (and in
 * part in Bun and Deno) through async_hooks, without the hooks of promises, which would slow down every await.
 */

import { host } from "../runtime/host.ts";
import { stackHere } from "../runtime/stack.ts";
import { turning } from "./drain.ts";
import type { Identity } from "./routine.ts";

interface Resource {
  hasRef?(): boolean;
  /** The socket that an agent uses once more. */
  readonly handle?: Resource;
  /** What a compressor works on. */
  readonly buffer?: unknown;
  /** Whom a calculation calls when it is done. */
  readonly ondone?: unknown;
}

interface AsyncHook {
  enable(): unknown;
  disable(): unknown;
}

interface AsyncHooks {
  createHook?(hooks: object): AsyncHook;
  AsyncLocalStorage: new () => Identity;
  /** What the host's own modules and others make where they go on as somebody else. */
  AsyncResource?: new (type: string) => object;
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
  "FILEHANDLE",
  "DIRHANDLE",
  "BLOBREADER",
  "DNSCHANNEL",
  "HTTPINCOMINGMESSAGE",
  // The socket below it is what may bring something.
  "HTTP2SESSION",
  "TLSWRAP",
  // A server waits for whoever asks it. One that is asked by the bubble itself is waited for by its client.
  "TCPSERVERWRAP",
  "PIPESERVERWRAP",
]);

/** The activity that something in a run has begun, and that is not over. */
export class Activity {
  readonly #alive = new Map<number, { readonly type: string; readonly resource: WeakRef<Resource> }>();
  readonly #hook: AsyncHook | undefined;
  /** What is called back in the next turn of the event loop. */
  readonly #soon = new Map<number, WeakRef<Resource>>();
  /** Sockets that have been in use since before the run. */
  #before: ReadonlySet<unknown> = new Set();

  /** `soon` is called when something asks for a turn of the event loop, as the host's own modules do between two parts. */
  constructor(soon?: () => void) {
    this.#hook = asyncHooks?.createHook?.({
      init: (id: number, type: string, _: number, resource: Resource) => {
        // What does not belong to a goroutine is the test runner's, whose timers would stop the clock for good.
        if (silent.has(type) || hostIdentity?.getStore() === undefined) return;
        // These do nothing by themselves.
        if (asyncHooks.AsyncResource !== undefined && resource instanceof asyncHooks.AsyncResource) return;
        if (type === "Immediate") {
          if (turning) return;
          this.#soon.set(id, new WeakRef(resource));
          soon?.();
          return;
        }
        if (isCalculation(resource) && isPromised()) promised.add(resource);
        this.#alive.set(id, { type, resource: new WeakRef(resource) });
      },
      destroy: (id: number) => this.#alive.delete(id) || this.#soon.delete(id),
      trackPromises: false,
    });
  }

  start(): void {
    this.#before = new Set(sockets());
    this.#hook?.enable();
  }

  stop(): void {
    this.#hook?.disable();
    this.#alive.clear();
    this.#soon.clear();
  }

  /** Tells whether anything is to come in the next turn of the event loop, or later from the world outside. */
  anyNow(): boolean {
    // The turns that the runtime asks for, whoever is at work then, do not keep the process alive.
    for (const immediate of this.#soon.values()) if (immediate.deref()?.hasRef?.() !== false) return true;
    return this.any();
  }

  /** Tells whether anything may still come from the world outside. */
  any(): boolean {
    for (const { type, resource } of this.#alive.values()) {
      const alive = resource.deref();
      if (alive === undefined || (isActive(type, alive) && !isOfServer(alive))) return true;
    }
    // A pooled socket that was there before is among the active ones only while somebody waits for it.
    const active = sockets();
    this.#before = new Set(active.filter((socket) => this.#before.has(socket)));
    return active.length > this.#before.size;
  }
}

/** The calculations that settle a promise. */
const promised = new WeakSet<Resource>();

/** Tells whether anything may come. Many objects have done their work, and are left for the collector. */
function isActive(type: string, resource: Resource): boolean {
  if (type === "ZLIB") return resource.buffer !== undefined && resource.buffer !== null;
  if (isCalculation(resource)) return resource.ondone !== undefined || promised.has(resource);
  // What does not keep the process alive, such as the idle socket of an agent, is nothing to wait for.
  const { handle = resource } = resource;
  return handle.hasRef?.() !== false;
}

/** Tells whether something is a calculation of `node:crypto`. Those that are done at once, as for a UUID, are objects too. */
function isCalculation(resource: Resource): boolean {
  return resource.constructor.name.endsWith("Job");
}

/** Tells whether the calculation that is being made settles a promise: nothing but the host's function that makes it does. */
function isPromised(): boolean {
  return stackHere(20).includes("jobPromise");
}

/** Returns the sockets in use; numbers for them where the host tells no more than how many there are. */
function sockets(): readonly unknown[] {
  const { process } = host as { process?: ProcessInfo };
  const handles = process?._getActiveHandles?.();
  if (handles !== undefined) return handles.filter((handle) => "connecting" in handle && !isServers(handle));
  const info = process?.getActiveResourcesInfo?.() ?? [];
  return info.filter((type) => type === "TCPSocketWrap" || type === "PipeWrap").map((_, i) => i);
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
