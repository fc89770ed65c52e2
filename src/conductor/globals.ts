/**
 * The host's time for code inside a conducted run: `Date`, `performance.now`, `setTimeout`, `setInterval`,
 * `setImmediate` and `AbortSignal.timeout` follow its virtual clock. Code outside, such as the test runner, gets the
 * originals.
 */

import type { Conductor, Timer } from "./conductor.ts";

type Callback = (...args: unknown[]) => void;
type SetTimer = (callback: Callback, delay?: number, ...args: unknown[]) => unknown;

interface Process {
  nextTick?(callback: Callback, ...args: unknown[]): void;
}

interface Globals {
  process?: Process;
  Date: DateConstructor;
  performance: { now(): number };
  setTimeout: SetTimer;
  setInterval: SetTimer;
  setImmediate?: (callback: Callback, ...args: unknown[]) => unknown;
  clearTimeout(timeout: unknown): void;
  clearInterval(timeout: unknown): void;
  clearImmediate?: (immediate: unknown) => void;
  AbortController?: new () => { readonly signal: object; abort(reason: unknown): void };
  AbortSignal?: { timeout?(delay: number): object };
  DOMException?: new (message: string, name: string) => Error;
}

const globals = globalThis as unknown as Globals;
const promisify = Symbol.for("nodejs.util.promisify.custom");

/** What `setTimeout` returns inside: with the methods of Node's timeouts, and a number where one is wanted. */
class VirtualTimeout {
  static #last = 0;
  static readonly #byNumber = new Map<number, WeakRef<VirtualTimeout>>();
  readonly #number = ++VirtualTimeout.#last;
  readonly #start: () => Timer;
  /** Undefined once it has fired or was closed. */
  #timer: Timer | undefined;
  #held = true;

  constructor(start: () => Timer) {
    this.#start = start;
    this.#timer = start();
    VirtualTimeout.#byNumber.set(this.#number, new WeakRef(this));
  }

  static find(timeout: unknown): VirtualTimeout | undefined {
    if (timeout instanceof VirtualTimeout) return timeout;
    const number = typeof timeout === "string" ? Number(timeout) : timeout;
    return typeof number === "number" ? VirtualTimeout.#byNumber.get(number)?.deref() : undefined;
  }

  /** Is called when it has fired: starts it again, or drops it. */
  fired(repeats: boolean): void {
    if (this.#timer === undefined) return;
    if (repeats) this.#restart();
    else this.#drop();
  }

  close(): this {
    this.#timer?.stop();
    this.#drop();
    return this;
  }

  refresh(): this {
    this.#timer?.stop();
    this.#restart();
    return this;
  }

  ref(): this {
    this.#held = true;
    this.#timer?.hold(true);
    return this;
  }

  unref(): this {
    this.#held = false;
    this.#timer?.hold(false);
    return this;
  }

  hasRef(): boolean {
    return this.#held;
  }

  [Symbol.toPrimitive](): number {
    return this.#number;
  }

  #restart(): void {
    this.#timer = this.#start();
    this.#timer.hold(this.#held);
  }

  #drop(): void {
    this.#timer = undefined;
    VirtualTimeout.#byNumber.delete(this.#number);
  }
}

/** Shared by all runs: to replace so much takes as long as a short run, of which an exploration has thousands. */
export class VirtualGlobals {
  readonly #conductor: () => Conductor | undefined;
  /** How many hold the replacements. */
  #holders = 0;
  /** What to put back, in reverse order. */
  #undo: (() => void)[] = [];

  /** `conductor` returns the one that runs now, if any. */
  constructor(conductor: () => Conductor | undefined) {
    this.#conductor = conductor;
  }

  /** Replaces the globals, until {@link release} has been called as often. */
  hold(): void {
    if (this.#holders++ === 0) this.#install();
  }

  release(): void {
    if (--this.#holders > 0) return;
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
  }

  #install(): void {
    const inside = (): boolean => this.#conductor()?.who() !== undefined;
    // Read behind `inside` alone, so there is one.
    const running = (): Conductor => this.#conductor() as Conductor;
    this.#replace(globals, "Date", (original) => virtualDate(original, inside, () => running().clock.wall()));
    this.#replace(
      globals.performance,
      "now",
      (original) => () => (inside() ? running().clock.now() : original.call(globals.performance)),
    );
    this.#replace(globals, "setTimeout", (original) => timers(original, inside, running, false));
    this.#replace(globals, "setInterval", (original) => timers(original, inside, running, true));
    if (globals.setImmediate !== undefined) {
      this.#replace(globals as Required<Globals>, "setImmediate", (original) => (callback, ...args) => {
        if (!inside()) return original(callback, ...args);
        const call = () => callback(...args);
        const own = running();
        return new VirtualTimeout(() => own.timer(call, undefined));
      });
    }
    const { process } = globals;
    if (process?.nextTick !== undefined) {
      this.#replace(process as Required<Process>, "nextTick", (original) => (callback, ...args) => {
        const own = this.#conductor();
        if (own !== undefined) own.ticked = true;
        original.call(process, callback, ...args);
      });
    }
    for (const name of ["clearTimeout", "clearInterval", "clearImmediate"] as const) {
      if (globals[name] === undefined) continue;
      this.#replace(globals as Required<Globals>, name, (original) => (timeout) => {
        const own = VirtualTimeout.find(timeout);
        if (own === undefined) original(timeout);
        else own.close();
      });
    }
    const { AbortSignal, AbortController, DOMException } = globals;
    if (AbortSignal?.timeout === undefined || AbortController === undefined || DOMException === undefined) return;
    this.#replace(AbortSignal as { timeout(delay: number): object }, "timeout", (original) => (delay) => {
      if (!inside()) return original.call(AbortSignal, delay);
      const controller = new AbortController();
      const reason = (): Error => new DOMException("The operation was aborted due to timeout", "TimeoutError");
      running().timer(() => controller.abort(reason()), delay);
      return controller.signal;
    });
  }

  #replace<Target extends object, Name extends keyof Target>(
    target: Target,
    name: Name,
    replacement: (original: Target[Name]) => Target[Name],
  ): void {
    const own = Object.getOwnPropertyDescriptor(target, name);
    const original = target[name];
    const value = replacement(original);
    // Fake timers mark their functions so; who asks whether time is fake must get the same answer.
    if (typeof original === "function" && "clock" in original)
      Object.assign(value as object, { clock: original.clock });
    Object.defineProperty(target, name, {
      value,
      configurable: true,
      writable: true,
      enumerable: own?.enumerable ?? true,
    });
    this.#undo.push(() => {
      // Somebody else's replacement, made meanwhile, stays.
      if (target[name] !== value) return;
      if (own === undefined) delete target[name];
      else Object.defineProperty(target, name, own);
    });
  }
}

function timers(original: SetTimer, inside: () => boolean, running: () => Conductor, repeats: boolean): SetTimer {
  const set: SetTimer = (callback, delay, ...args) => {
    if (!inside() || typeof callback !== "function") return original(callback, delay, ...args);
    // As hosts do: what is no number from 1 to 2^31 - 1 counts as 1.
    const wanted = Number(delay);
    const after = wanted >= 1 && wanted <= 2 ** 31 - 1 ? Math.trunc(wanted) : 1;
    const own = running();
    const timeout: VirtualTimeout = new VirtualTimeout(() =>
      own.timer(() => {
        if (!repeats) timeout.fired(false);
        callback(...args);
        if (repeats) timeout.fired(true);
      }, after),
    );
    return timeout;
  };
  if (!repeats) {
    Object.defineProperty(set, promisify, {
      value: (delay: number, value: unknown) => new Promise((resolve) => void set(resolve, delay, value)),
    });
  }
  return set;
}

/** A proxy, so that all Dates are instances of it, those from before too. */
function virtualDate(original: DateConstructor, inside: () => boolean, wall: () => number): DateConstructor {
  const now = (): number => (inside() ? wall() : original.now());
  const proxy: DateConstructor = new Proxy(original, {
    construct: (target, args, type) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, type === proxy ? target : type) as object,
    apply: (target) => new target(now()).toString(),
    get: (target, name, receiver) => (name === "now" ? now : (Reflect.get(target, name, receiver) as unknown)),
  });
  return proxy;
}
