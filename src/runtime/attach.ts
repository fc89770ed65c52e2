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

/** One call of `attach`. Two calls with the same hooks are two attachments. */
interface Attachment {
  readonly hooks: Hooks;
  readonly decides: boolean;
}

/** In the order in which they are called: the set that decides comes first, so that the others may ask it. */
let attached: readonly Attachment[] = [];

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
export function attach(hooks: Hooks): Disposable {
  const own = { hooks, decides: deciding.some((name) => hooks[name] !== undefined) };
  if (own.decides && attached[0]?.decides === true) {
    throw new Error("runtime.attach: hooks that decide are attached already");
  }
  update(own.decides ? [own, ...attached] : [...attached, own]);
  return {
    [dispose]() {
      if (attached.includes(own)) update(attached.filter((other) => other !== own));
    },
  };
}

function update(attachments: readonly Attachment[]): void {
  attached = attachments;
  setHooks(combine(attachments));
  // A schedule must see each operation from the next one on.
  lookAtNextOperation();
}

/** What frozen hooks are alone. */
const alone = new WeakMap<Hooks, Combined>();

function combine(sets: readonly Attachment[]): Combined | undefined {
  const [first] = sets;
  if (first === undefined) return undefined;
  if (sets.length > 1 || !Object.isFrozen(first.hooks)) return new Combined(sets);
  let combined = alone.get(first.hooks);
  if (combined === undefined) alone.set(first.hooks, (combined = new Combined(sets)));
  return combined;
}

/** All attached sets as one. */
class Combined implements CombinedHooks {
  readonly #decider: Hooks | undefined;
  readonly choose: CombinedHooks["choose"];
  readonly schedule: CombinedHooks["schedule"];
  readonly guard: CombinedHooks["guard"];
  readonly panic: CombinedHooks["panic"];
  readonly fatal: CombinedHooks["fatal"];
  readonly run: CombinedHooks["run"];
  readonly spawn: CombinedHooks["spawn"];
  readonly end: CombinedHooks["end"];
  readonly park: CombinedHooks["park"];
  readonly wake: CombinedHooks["wake"];
  readonly make: CombinedHooks["make"];
  readonly send: CombinedHooks["send"];
  readonly receive: CombinedHooks["receive"];
  readonly close: CombinedHooks["close"];
  readonly select: CombinedHooks["select"];
  readonly sync: CombinedHooks["sync"];
  readonly derive: CombinedHooks["derive"];
  readonly cancel: CombinedHooks["cancel"];
  readonly alarm: CombinedHooks["alarm"];
  readonly timer: CombinedHooks["timer"];
  readonly ring: CombinedHooks["ring"];
  readonly stop: CombinedHooks["stop"];
  readonly observed: CombinedHooks["observed"];

  constructor(sets: readonly Attachment[]) {
    const decider = sets[0]?.decides === true ? sets[0].hooks : undefined;
    this.#decider = decider;
    // Not guarded: an error in the choice is thrown to the select.
    this.choose = decider?.choose && ((ready) => checkedChoice(decider.choose?.(ready), ready));
    this.schedule = guarded(decider, decider?.schedule);
    this.guard = guarded(decider, decider?.guard);
    this.panic = guarded(decider, decider?.panic);
    this.fatal = guarded(decider, decider?.fatal);
    let run: Hooks["run"];
    for (const { hooks } of sets) if (hooks.run !== undefined) run = nest(hooks, run);
    this.run = run;
    this.spawn = tell(sets, "spawn");
    this.end = tell(sets, "end");
    this.park = tell(sets, "park");
    this.wake = tell(sets, "wake");
    this.make = tell(sets, "make");
    this.send = tell(sets, "send");
    this.receive = tell(sets, "receive");
    this.close = tell(sets, "close");
    this.select = tell(sets, "select");
    this.sync = tell(sets, "sync");
    this.derive = tell(sets, "derive");
    this.cancel = tell(sets, "cancel");
    this.alarm = tell(sets, "alarm");
    this.timer = tell(sets, "timer");
    this.ring = tell(sets, "ring");
    this.stop = tell(sets, "stop");
    const observes = this.make ?? this.send ?? this.receive ?? this.select ?? this.guard;
    this.observed = observes && observed;
  }

  /** Read at each use, because it may be a getter: a clock for some goroutines only. */
  get clock(): CombinedHooks["clock"] {
    return this.#decider?.clock;
  }
}

function checkedChoice(choice: number | undefined, ready: number): number | undefined {
  if (choice === undefined) return undefined;
  if (Number.isInteger(choice) && choice >= 0 && choice < ready) return choice;
  throw new RangeError(`runtime: the choose hook must return an integer from 0 to ${ready - 1}, got ${choice}`);
}

function nest(outer: Hooks, inner: Hooks["run"]): NonNullable<Hooks["run"]> {
  return inner === undefined ? (id, f) => outer.run?.(id, f) : (id, f) => outer.run?.(id, () => inner(id, f));
}

/** Any hook. It is called with as many arguments as the longest list has. */
type AnyHook = (...args: unknown[]) => unknown;

/** Makes one hook of those of several sets; undefined if there is none. */
function tell<Name extends Watch>(sets: readonly Attachment[], name: Name): CombinedHooks[Name] {
  let combined: AnyHook | undefined;
  for (const { hooks } of sets) {
    const hook = guarded(hooks, hooks[name]) as AnyHook | undefined;
    if (hook !== undefined) combined = combined === undefined ? hook : inTurn(combined, hook);
  }
  return combined;
}

function inTurn(first: AnyHook, second: AnyHook): AnyHook {
  return (a, b, c, d) => {
    first(a, b, c, d);
    second(a, b, c, d);
  };
}

/** Makes the call of a hook. An error must not reach the goroutine whose operation is reported. */
function guarded<Hook>(hooks: Hooks | undefined, hook: Hook): Hook {
  if (hook === undefined) return hook;
  return ((a: unknown, b: unknown, c: unknown, d: unknown) => {
    try {
      return (hook as AnyHook).call(hooks, a, b, c, d);
    } catch (error) {
      reportUncaught(error);
      return undefined;
    }
  }) as Hook;
}
