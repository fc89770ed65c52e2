/**
 * Which goroutine is at work in a program that runs by itself. A store of an AsyncLocalStorage around each goroutine's
 * function tells; since Node 24 that costs nothing measurable, before that it doubles the price of every await.
 */

import { conductor } from "../conductor/conductor.ts";
import { host } from "../runtime/host.ts";

interface Storage {
  run<T>(store: number, f: () => T): T;
  getStore(): number | undefined;
}

interface ProcessVersions {
  versions?: { node?: string; bun?: string; deno?: string };
}

/** Knows the number of the goroutine at work; 0 where there is none, or it cannot be told. */
export interface Identity {
  who(): number;
  /** Returns the number under which a goroutine of the runtime is known. */
  numberOf(id: number): number;
  /** To attach, if it needs that. */
  run?: (id: number, f: () => unknown) => unknown;
}

/** Whether identity costs nothing measurable here. */
export function isIdentityFree(): boolean {
  const { versions } = (host.process as ProcessVersions | undefined) ?? {};
  return Number.parseInt(versions?.node ?? "0", 10) >= 24;
}

/** Returns what tells goroutines apart; `wanted` says whether to pay for it. */
export function identify(wanted: boolean): Identity {
  const hooks = host.process?.getBuiltinModule?.<{ AsyncLocalStorage: new () => Storage }>("node:async_hooks");
  const storage = wanted && hooks !== undefined ? new hooks.AsyncLocalStorage() : undefined;
  const identity: Identity = {
    // A conductor knows its own goroutines, by numbers that do not grow from run to run.
    who: () => conductor?.who()?.number ?? storage?.getStore() ?? 0,
    numberOf: (id) => conductor?.routines.get(id)?.number ?? id,
  };
  if (storage !== undefined) identity.run = (id, f) => storage.run(id, f);
  return identity;
}
