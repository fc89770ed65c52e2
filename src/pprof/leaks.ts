/**
 * Goroutines that can never go on. Each goroutine's own frame holds a token. When nothing that the program can reach leads
 * to what a goroutine waits for, the collector takes its frame and with it the token: nobody could have woken it.
 */

import { attach } from "../runtime/attach.ts";
import { host } from "../runtime/host.ts";
import { live } from "../runtime/live.ts";
import type { Goroutine } from "../runtime/program.ts";
import { dispose } from "../runtime/symbols.ts";

interface Registry {
  register(token: object, id: number, unregister: object): void;
  unregister(token: object): void;
}

const { FinalizationRegistry } = globalThis as unknown as {
  FinalizationRegistry: new (cleanup: (id: number) => void) => Registry;
};

/** What was collected without having ended, by number. */
const leaked = new Map<number, Goroutine>();
let attached: Disposable | undefined;

const registry = new FinalizationRegistry((id) => {
  for (const goroutine of live) if (goroutine.id === id) leaked.set(id, goroutine);
});

export function isWatching(): boolean {
  return attached !== undefined;
}

/** Watches the goroutines that are started from now on, until the result is disposed. */
export function watch(): Disposable {
  attached ??= attach({ run: (id, f) => hold(id, f()) });
  return {
    [dispose]() {
      attached?.[dispose]();
      attached = undefined;
      leaked.clear();
    },
  };
}

/** Keeps a token for as long as the frames of a goroutine live. */
function hold(id: number, result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  const token = {};
  registry.register(token, id, token);
  return holding(token, result);
}

async function holding(token: object, result: Promise<unknown>): Promise<unknown> {
  try {
    return await result;
  } finally {
    registry.unregister(token);
  }
}

interface Vm {
  runInNewContext(code: string): () => void;
}

interface V8 {
  setFlagsFromString(flags: string): void;
}

/** Returns what makes the host collect its garbage. */
function collector(): (() => void) | undefined {
  const { gc, Bun } = globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } };
  if (gc !== undefined) return gc;
  if (Bun !== undefined) return () => Bun.gc(true);
  const load = host.process?.getBuiltinModule;
  const [v8, vm] = [load?.<V8>("node:v8"), load?.<Vm>("node:vm")];
  if (v8 === undefined || vm === undefined) return undefined;
  v8.setFlagsFromString("--expose-gc");
  return vm.runInNewContext("gc");
}

let collect: (() => void) | undefined;

/** Returns the goroutines that can never go on. Collects garbage, so it stops the program for some milliseconds. */
export async function leaks(): Promise<readonly Goroutine[]> {
  collect ??= collector();
  // Whom a goroutine holds that is itself collected comes one round later; and what has just been parked is held for a turn.
  for (let round = 0; round < 4; round++) {
    await new Promise<void>((resolve) => host.setTimeout(resolve, 0));
    collect?.();
    await new Promise<void>((resolve) => host.setTimeout(resolve, 0));
  }
  const alive = new Set(live);
  for (const [id, goroutine] of leaked) if (!alive.has(goroutine)) leaked.delete(id);
  return [...leaked.values()].sort((a, b) => a.id - b.id);
}
