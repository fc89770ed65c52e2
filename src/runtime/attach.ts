/// <reference lib="esnext.disposable" preserve="true" />

/**
 * Attaches hooks: any number of sets may watch, one may decide.
 */

import { type CombinedHooks, type DecidingHooks, type Hooks, setHooks, type WatchingHooks } from "./hooks.ts";
import { reportUncaught } from "./host.ts";
import { observed } from "./observed.ts";
import { dispose } from "./symbols.ts";
import { lookAtNextOperation } from "./turn.ts";

type Watch = Exclude<keyof WatchingHooks, "run">;

const deciding: readonly (keyof DecidingHooks)[] = ["schedule", "choose", "clock", "guard", "panic", "fatal"];
const watching: readonly Watch[] = [
  ...(["spawn", "end", "park", "wake", "make", "send", "receive", "close", "select"] as const),
  ...(["sync", "derive", "cancel", "alarm", "ring", "stop"] as const),
];

/** In the order in which they are called: the set that decides comes first, so that the others may ask it. */
let attached: Hooks[] = [];

/**
 * Attaches hooks to the runtime until the result is disposed. Any number of sets may watch, but only one at a time may
 * have a hook that decides (`schedule`, `choose`, `clock`, `guard`, `panic`, `fatal`).
 *
 * @throws Error `runtime.attach: hooks that decide are attached already`
 *
 * @example
 * ```ts
 * using _ = attach({ choose: () => 0 }); // every select takes its first ready case
 * ```
 *
 * @example
 * ```ts
 * let started = 0;
 * using _ = attach({ spawn: () => void started++ });
 * go(() => {});
 * console.log(started); // 1
 * ```
 */
export function attach(added: Hooks): Disposable {
  const decides = decidesAnything(added);
  if (decides && attached.some(decidesAnything)) {
    throw new Error("runtime.attach: hooks that decide are attached already");
  }
  // Two calls with the same object are two attachments.
  const own = Object.create(added) as Hooks;
  update(decides ? [own, ...attached] : [...attached, own]);
  return {
    [dispose]() {
      if (attached.includes(own)) update(attached.filter((other) => other !== own));
    },
  };
}

function decidesAnything(hooks: Hooks): boolean {
  return deciding.some((name) => hooks[name] !== undefined);
}

function update(sets: Hooks[]): void {
  attached = sets;
  setHooks(sets.length === 0 ? undefined : combine(sets));
  // A schedule must see each operation from the next one on.
  lookAtNextOperation();
}

function combine(sets: readonly Hooks[]): CombinedHooks {
  const combined: CombinedHooks = {};
  const decider = sets.find(decidesAnything);
  if (decider !== undefined) {
    // Read at each use, because it may be a getter: a clock for some goroutines only.
    if ("clock" in decider) Object.defineProperty(combined, "clock", { get: () => decider.clock });
    // Not guarded: an error in the choice is thrown to the select.
    if (decider.choose !== undefined) combined.choose = (ready) => checkedChoice(decider.choose?.(ready), ready);
    if (decider.guard !== undefined) combined.guard = (channel) => guarded(() => decider.guard?.(channel));
    if (decider.schedule !== undefined) {
      combined.schedule = (resume, subject) => guarded(() => decider.schedule?.(resume, subject)) === true;
    }
    if (decider.panic !== undefined) combined.panic = (id, error) => guarded(() => decider.panic?.(id, error)) === true;
    if (decider.fatal !== undefined) combined.fatal = (error) => guarded(() => decider.fatal?.(error)) === true;
  }
  for (const hooks of sets) {
    if (hooks.run !== undefined) combined.run = nest(hooks, combined.run);
  }
  for (const name of watching) {
    const told = sets.filter((hooks) => hooks[name] !== undefined);
    if (told.length > 0) combined[name] = tell(name, told) as never;
  }
  const { make, send, receive, select, guard } = combined;
  if ((make ?? send ?? receive ?? select ?? guard) !== undefined) combined.observed = observed;
  return combined;
}

function checkedChoice(choice: number | undefined, ready: number): number | undefined {
  if (choice === undefined) return undefined;
  if (Number.isInteger(choice) && choice >= 0 && choice < ready) return choice;
  throw new RangeError(`runtime: the choose hook must return an integer from 0 to ${ready - 1}, got ${choice}`);
}

function nest(outer: Hooks, inner: Hooks["run"]): NonNullable<Hooks["run"]> {
  return inner === undefined ? (id, f) => outer.run?.(id, f) : (id, f) => outer.run?.(id, () => inner(id, f));
}

type AnyHook = (a?: unknown, b?: unknown, c?: unknown, d?: unknown) => void;

/** Makes one hook of several. An error must not reach the goroutine whose operation is reported. */
function tell(name: Watch, sets: readonly Hooks[]): AnyHook {
  const [only] = sets;
  if (sets.length === 1 && only !== undefined) return (a, b, c, d) => call(only, name, a, b, c, d);
  return (a, b, c, d) => {
    for (const hooks of sets) call(hooks, name, a, b, c, d);
  };
}

function call(hooks: Hooks, name: Watch, a: unknown, b: unknown, c: unknown, d: unknown): void {
  try {
    (hooks as Record<Watch, AnyHook>)[name](a, b, c, d);
  } catch (error) {
    reportUncaught(error);
  }
}

function guarded<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    reportUncaught(error);
    return undefined;
  }
}
