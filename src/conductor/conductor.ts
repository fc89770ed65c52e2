/**
 * The conductor: lets one goroutine go on at a time, and decides which. It knows at every moment who is at work, when all
 * rest, and what they wait for. Virtual time, exploration of schedules and logs with identities stand on it.
 *
 * A *strand* is what can go on. Resuming one and draining the microtasks is a *step*. All that happens in a step belongs
 * to the strand's goroutine, as long as goroutines meet only in operations of this library; where they await each other's
 * promises, the host's {@link Identity} tells them apart.
 */

import { bound } from "../runtime/async-context.ts";
import { attach } from "../runtime/attach.ts";
import { go } from "../runtime/goroutine.ts";
import type { Hooks, StartedTimer, WaitState } from "../runtime/hooks.ts";
import { host, realNow } from "../runtime/host.ts";
import { PanicError } from "../runtime/panic.ts";
import { live } from "../runtime/live.ts";
import { dispose } from "../runtime/symbols.ts";
import { asCall, Waiter } from "../runtime/waiter.ts";
import { CaseList } from "../select/selection.ts";
import { locate, report, starters } from "./blocked.ts";
import { type Drain, hostSetTimeout, quick, turn } from "./drain.ts";
import { VirtualGlobals } from "./globals.ts";
import { Line } from "./line.ts";
import { Rejections } from "./rejections.ts";
import { type Blocked, type Identity, type Outcome, Routine, type Strand, type Strategy } from "./routine.ts";
import { type Timeout, VirtualClock } from "./virtual-clock.ts";

export interface Options {
  /** What errors call the function that runs this. */
  readonly name: string;
  readonly strategy?: Strategy | undefined;
  /**
   * What it means that a goroutine awaits a promise that is not of this library while nobody can go on. `durable`: it is
   * blocked as on a channel, because another goroutine will settle it. `wait`: it waits for the world outside, so the
   * clock stands still. `error`: it must not be. A function tells whether the world outside has anything to do for the run.
   */
  readonly foreign?: "durable" | "wait" | "error" | (() => boolean) | undefined;
  /** For how many real milliseconds the run waits for the world outside. */
  readonly patience?: number | undefined;
  readonly maxSteps?: number | undefined;
  /** How often time may pass after the root has ended, for goroutines that sleep. In Go it stands still then. */
  readonly overtime?: number | undefined;
  /** Whether time may pass although a goroutine can go on, as on a slow machine. */
  readonly slow?: boolean | undefined;
  /** The order of reference: the goroutine that has waited longest first, or the one that went on before. */
  readonly order?: "fifo" | "stay" | undefined;
  readonly identity?: Identity | undefined;
  /** Whether channels that were made in the run may be used from outside it. */
  readonly open?: boolean | undefined;
  /** Where the run was asked for: the place of a root that has done nothing else. */
  readonly at?: Line | undefined;
  /** Whether to record the line of each operation. */
  readonly lines?: boolean | undefined;
  /** Whether goroutines that are blocked for good after the root has ended are a failure. */
  readonly leaks?: boolean | undefined;
  /** Is called before each step. */
  readonly step?: ((strand: Strand) => void) | undefined;
  /** Pauses before each step until the promise that it returns is settled. */
  readonly pause?: ((conductor: Conductor) => Promise<void> | undefined) | undefined;
  /** Is called when the run begins, and its result when it ends: for those who watch. */
  readonly watch?: ((conductor: Conductor) => Disposable) | undefined;
}

interface Wait {
  readonly routine: Routine;
  readonly state: WaitState;
  readonly on: object;
  /** Whether somebody outside the run may end it. */
  readonly outside: boolean;
}

/** A callback that is on its way. */
export interface Timer {
  /** Drops it, unless it has been called. */
  stop(): void;
  /** Whether time may move on its account. */
  hold(held: boolean): void;
}

/** The waits that somebody outside the run may end, if it is not the run's own. */
const outsiders: ReadonlySet<WaitState> = new Set(["chan receive", "chan send", "sync.WaitGroup.Wait"]);

/** How often time passes in a run although somebody could go on: a ticker would let it pass without end. */
const maxEarly = 8;

/** How many steps in a row are a goroutine's own in the order `stay`: one that polls must let others go on. */
const maxInRow = 100;

/** How often the event loop turns, while nobody can go on, for those who ask it to: one that polls so must let time pass. */
const maxTurns = 10_000;

/** The longest time, in milliseconds, for which the event loop does not turn. */
const quantum = 5;

const inOrder: Strategy = { next: () => 0, choose: () => 0 };

/** The one that conducts now. There is one door, so others wait for it. */
export let conductor: Conductor | undefined;
let queue: (() => void)[] = [];

function takeOver(next: Conductor): void {
  conductor = next;
}

const globals = new VirtualGlobals(() => conductor);

/** Tells whether the globals can follow a run's clock: whether it is known who reads them. */
function canVirtualize(identity: Identity | undefined): boolean {
  return identity !== undefined || host.process === undefined;
}

/** The runs that go on, or whose rejected promises the host may still tell of. */
const runs = new Set<Conductor>();

const rejections = new Rejections((routine) => {
  for (const run of runs) if (run.owns(routine)) return true;
  return false;
});

/** Keeps the globals of the host replaced between runs, until the result is disposed. */
export function holdGlobals(identity: Identity | undefined): Disposable {
  if (!canVirtualize(identity)) return { [dispose]: () => undefined };
  globals.hold();
  const held = rejections.hold();
  return {
    [dispose]: () => {
      globals.release();
      if (held) rejections.release();
    },
  };
}

/** The runs in which channels were made that only they may use, and to which WaitGroups were added. */
const homes = new WeakMap<object, Conductor>();

export class Conductor {
  readonly clock: VirtualClock = new VirtualClock();
  /** By the runtime's numbers. */
  readonly routines: Map<number, Routine> = new Map();
  /** What can go on, in the order in which it came to be able to. */
  readonly runnable: Strand[] = [];
  readonly parked: Map<object, Wait> = new Map();
  /** What was chosen, and among how many, wherever there was a choice. */
  readonly choices: number[] = [];
  readonly sizes: number[] = [];
  steps = 0;
  /** Whether somebody has asked for a tick or a turn of the host, on which its streams go, since time could move last. */
  ticked = false;
  readonly given: Options;
  readonly #strategy: Strategy;
  readonly #drain: Drain = quick;
  #holdsGlobals = false;
  readonly #clockRoutine = new Routine(0, 0, 0);
  readonly #alarmOwners = new WeakMap<object, Routine>();
  /** The timers and tickers of a run in which time may pass early: nobody need wait for one that becomes due. */
  readonly #timers = new Set<StartedTimer>();
  #current: Routine | undefined = undefined;
  /** Who went on last. */
  #last: Routine | undefined = undefined;
  #root: Routine | undefined = undefined;
  #alive = 0;
  /** How many parked operations somebody outside the run may end. */
  #outside = 0;
  /** The caller of `wait`. */
  #waiting: Strand | undefined = undefined;
  #failure: Outcome | undefined = undefined;
  #value: unknown = undefined;
  /** Whether a call of `pump` is on its way. Two at once would let two steps overlap. */
  #pumping = false;
  #lastTurn = 0;
  /** How often the event loop has turned since the last step. */
  #turns = 0;
  #since = 0;
  #early = 0;
  #inRow = 0;
  #overtime = 0;
  /** The host timeout of those who wait for the world outside. */
  #looking: unknown = undefined;
  /** Whether the world outside has been waited for in vain since the last step. */
  #inVain = false;
  #attached: Disposable | undefined = undefined;
  #watching: Disposable | undefined = undefined;
  #finish!: (outcome: Outcome) => void;

  constructor(options: Options) {
    this.given = options;
    this.#strategy = options.strategy ?? inOrder;
  }

  /** Runs `f` as the root goroutine, until all goroutines have ended or nothing can happen any more. */
  async run(f: () => unknown): Promise<Outcome> {
    for (let other = conductor; other !== undefined; other = conductor) {
      if (other.who() !== undefined) throw nested(this.given.name, other.given.name);
      await new Promise<void>((ended) => queue.push(ended));
    }
    this.#attached = attach(this.#hooksOf());
    takeOver(this);
    this.#lastTurn = realNow();
    runs.add(this);
    const told = this.given.identity !== undefined && rejections.hold();
    const outcome = await new Promise<Outcome>((resolve) => {
      this.#finish = resolve;
      this.#watching = this.given.watch?.(this);
      this.#holdsGlobals = canVirtualize(this.given.identity);
      if (this.#holdsGlobals) globals.hold();
      this.#as(this.#clockRoutine, () =>
        go(async () => {
          this.#value = await f();
        }),
      );
    });
    // The host tells of rejected promises when all ticks have come to their end.
    if (told) await new Promise<void>(turn);
    const rejection = told ? rejections.take((routine) => this.owns(routine)) : undefined;
    runs.delete(this);
    if (told) rejections.release();
    // Outside of a run the program would have ended there, whatever came later.
    if (rejection !== undefined && outcome.kind !== "panic" && !this.abandoned) {
      const { reason, routine } = rejection;
      return { kind: "panic", error: reason, routine: routine.number, unhandled: true };
    }
    if ("blocked" in outcome) await locate(outcome.blocked);
    return outcome;
  }

  /** Tells whether a goroutine is one of this run. */
  has(routine: Routine): boolean {
    return this.routines.get(routine.id) === routine;
  }

  /** Tells whether it is, or is the run itself. */
  owns(routine: Routine): boolean {
    return routine === this.#clockRoutine || this.has(routine);
  }

  /** Returns the goroutine at work; undefined for what does not belong to the run. */
  who(): Routine | undefined {
    const current = this.#current;
    if (current === this.#clockRoutine) return current;
    const { identity } = this.given;
    if (identity === undefined) return current ?? this.#onlyForeign();
    const store = identity.getStore();
    return store !== undefined && this.has(store) ? store : undefined;
  }

  /** Returns the goroutine at work; while an alarm rings, the one that has set it. */
  #actor(): Routine | undefined {
    const routine = this.who();
    return routine === this.#clockRoutine ? (this.#last ?? routine) : routine;
  }

  /** Is called by instrumented code: says who is at work from here on. */
  enter(routine: Routine | undefined): void {
    // A run that is over may have left code behind that still goes on.
    const known = routine !== undefined && this.has(routine);
    if (this.running && known && this.#current !== this.#clockRoutine) this.#current = routine;
  }

  get running(): boolean {
    return this.#attached !== undefined;
  }

  /** Whether {@link abandon} has ended the run. */
  abandoned = false;

  /** Ends the run where it is. */
  abandon(): void {
    if (!this.running) return;
    this.abandoned = true;
    this.#stop({ kind: "steps", blocked: [] });
  }

  /** Waits until all other goroutines are durably blocked. */
  wait(): Promise<void> {
    const routine = this.who();
    if (routine === undefined) throw new PanicError("goroutine is not in a bubble");
    if (this.#waiting !== undefined) throw new PanicError("wait already in progress");
    routine.pending++;
    return new Promise((resume) => {
      this.#waiting = { routine, why: "wait", resume, since: Infinity };
      this.#kick();
    });
  }

  /** Calls `callback` as a strand of the goroutine at work: at once, or when `delay` has passed. */
  timer(callback: () => void, delay: number | undefined): Timer {
    const routine = this.who() ?? this.#clockRoutine;
    const call = bound(callback);
    let timeout: Timeout | undefined;
    let strand: Strand | undefined;
    const begin = (): void => {
      strand = { routine, why: "timer", resume: () => this.#call(routine, call), since: this.#since++ };
      this.runnable.push(strand);
    };
    routine.pending++;
    if (delay === undefined) begin();
    else timeout = this.clock.setTimeout(begin, delay);
    this.#kick();
    return {
      hold: (held) => {
        if (timeout !== undefined) timeout.held = held;
      },
      stop: () => {
        const index = strand === undefined ? -1 : this.runnable.indexOf(strand);
        if (index >= 0) this.runnable.splice(index, 1);
        else if (strand === undefined) this.clock.clearTimeout(timeout);
        else return;
        routine.pending--;
      },
    };
  }

  /** Tells in which goroutine, in Go's form, each of them waits. */
  report(blocked: readonly Blocked[]): string {
    return report(blocked);
  }

  /** Makes hooks that serve the run which is at work. Frozen, they are combined once, and not for each of many runs. */
  static #hooks(identified: boolean, closed: boolean): Hooks {
    const at = (): Conductor => conductor as Conductor;
    const hooks: Hooks & Record<"clock", VirtualClock | undefined> = {
      get clock() {
        return at().who() === undefined ? undefined : at().clock;
      },
      choose: (ready) =>
        at().who() === undefined ? undefined : at().#choice(ready, () => at().#strategy.choose(ready)),
      schedule: (resume, subject) => at().#schedule(resume, subject),
      spawn: (id) => at().#spawn(id),
      end: (id) => at().#end(id),
      panic: (id, error) => at().#panic(id, error),
      fatal: (error) => at().#fatal(error),
      park: (operation, state, on) => at().#park(operation, state, on),
      alarm: (alarm) => {
        const routine = at().#actor();
        if (routine !== undefined) at().#alarmOwners.set(alarm, routine);
      },
      timer: (timer) => {
        if (at().given.slow === true && at().who() !== undefined) at().#timers.add(timer);
      },
      // What an alarm starts was asked for by the goroutine that set it, also what goes on behind an await.
      ring: (alarm) => {
        const { given } = at();
        at().#last = at().#alarmOwners.get(alarm);
        given.identity?.enterWith(at().#last);
      },
    };
    if (identified) hooks.run = (id, f) => at().#run(id, f);
    if (closed) {
      hooks.guard = (channel) => at().#guard(channel);
      hooks.sync = (object, method, count) => {
        if (method === "add" && count > 0 && at().who() !== undefined) homes.set(object, at());
      };
    }
    return Object.freeze(hooks);
  }

  static readonly #made: Partial<Record<"plain" | "open" | "closed", Hooks>> = {};

  #hooksOf(): Hooks {
    const { identity, open } = this.given;
    const kind = identity === undefined ? "plain" : open === true ? "open" : "closed";
    return (Conductor.#made[kind] ??= Conductor.#hooks(kind !== "plain", kind === "closed"));
  }

  #run(id: number, f: () => unknown): unknown {
    const { identity } = this.given;
    const routine = this.routines.get(id);
    return routine === undefined || identity === undefined ? f() : identity.run(routine, f);
  }

  #park(operation: object, state: WaitState, on: object): void {
    const routine = this.#actor();
    if (routine === undefined) return;
    routine.pending++;
    const outside = this.#isOutside(state, on);
    if (outside) this.#outside++;
    this.parked.set(operation, { routine, state, on, outside });
    if (this.given.lines === true) routine.line = new Line();
    // Who comes back from a foreign wait and parks calls no schedule.
    this.#kick();
  }

  /** Makes the check of a channel of this run. It stays there when the run is over. */
  #guard(channel: object): ((operation: string) => void) | undefined {
    if (this.who() === undefined) return undefined;
    homes.set(channel, this);
    return (operation) => {
      if (!this.running || this.who() === undefined) {
        const preposition = operation === "close" ? "of" : "on";
        throw new PanicError(`${operation} ${preposition} ${this.given.name} channel from outside bubble`);
      }
    };
  }

  /**
   * Tells whether somebody outside may end a wait: one on a channel that was not made in the run, on a select with such a
   * channel, or on a WaitGroup to which nobody in the run has added. Locks are taken to be the run's own.
   */
  #isOutside(state: WaitState, on: object): boolean {
    const { identity, open, foreign = "durable" } = this.given;
    if (identity === undefined || open === true || foreign === "durable") return false;
    if (on instanceof CaseList) {
      for (let i = 0; i < on.size; i++) {
        const channel = on.slots[i]?.channel;
        if (channel !== undefined && homes.get(channel) !== this) return true;
      }
      return false;
    }
    return outsiders.has(state) && homes.get(on) !== this;
  }

  #spawn(id: number): void {
    const who = this.who();
    if (who === undefined) return;
    const parent = who === this.#clockRoutine ? this.#last : who;
    const routine = new Routine(id, this.routines.size + 1, parent?.number ?? 0);
    this.routines.set(id, routine);
    if (this.#root === undefined) {
      this.#root = routine;
      routine.line = this.given.at;
    } else if (this.given.lines === true) {
      routine.start = new Line();
    }
    this.#alive++;
  }

  #schedule(resume: () => void, subject: number | object | undefined): boolean {
    let routine: Routine | undefined;
    let why: Strand["why"];
    if (typeof subject === "number") {
      routine = this.routines.get(subject);
      why = "start";
    } else if (subject !== undefined) {
      const wait = this.parked.get(subject);
      if (wait === undefined) {
        // One that was parked outside the run goes on outside, as the runtime decides.
        if (!(subject instanceof Waiter && subject.shape === asCall)) return false;
        // Nobody waits here: a goroutine starts, in whose run that is. It must not do so in some later turn of the host.
        resume();
        return true;
      }
      this.parked.delete(subject);
      if (wait.outside) this.#outside--;
      ({ routine } = wait);
      routine.pending--;
      why = "wake";
    } else {
      routine = this.#actor();
      if (this.given.lines === true && routine !== undefined) routine.line = new Line();
      why = "ready";
    }
    if (routine === undefined || routine === this.#clockRoutine) return false;
    routine.pending++;
    this.runnable.push({ routine, why, resume, since: this.#since++ });
    this.#kick();
    return true;
  }

  #end(id: number): void {
    const routine = this.routines.get(id);
    if (routine === undefined) return;
    routine.ended = true;
    this.#alive--;
    this.#kick();
  }

  #panic(id: number, error: unknown): boolean {
    const routine = this.routines.get(id);
    if (routine === undefined) return false;
    this.#end(id);
    this.#failure ??= { kind: "panic", error, routine: routine.number };
    return true;
  }

  #fatal(error: Error): boolean {
    const routine = this.who();
    if (routine === undefined) return false;
    this.#failure ??= { kind: "panic", error, routine: routine.number };
    this.#kick();
    return true;
  }

  /** Calls a callback of the user's. What it throws ends the run, as an uncaught error ends a process. */
  #call(routine: Routine, callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#failure ??= { kind: "panic", error, routine: routine.number };
    }
  }

  #as(routine: Routine, f: () => void): void {
    const before = this.#current;
    this.#current = routine;
    f();
    this.#current = before;
  }

  /** Starts the steps anew: for what comes from outside, or from a foreign wait. */
  #kick(): void {
    if (this.#pumping || !this.running) return;
    this.#pumping = true;
    const { identity } = this.given;
    const begin = (): void => this.#drain(this.#pump);
    // The host tells of a rejected promise by where that was done: an operation that fails is rejected by the pump.
    if (identity === undefined) begin();
    else identity.run(this.#clockRoutine, begin);
  }

  readonly #pump = (): void => {
    this.#current = undefined;
    if (!this.running) return;
    if (this.#failure !== undefined) return this.#stop(this.#failure);
    if ((this.steps & 255) === 255 && realNow() - this.#lastTurn > quantum) {
      // The callbacks of I/O run in this turn, and belong to nobody.
      this.#lastTurn = realNow();
      return turn(this.#pump);
    }
    // What is due now happens now, whoever can go on.
    if (this.clock.due <= this.clock.now()) this.#advance();
    if (this.runnable.length === 0 && this.ticked && this.#turns++ < maxTurns) {
      // A drain is exact for microtasks, not for chains of ticks. Until they have come to their end, time must not move.
      this.ticked = false;
      return turn(this.#pump);
    }
    while (this.runnable.length === 0) {
      if (!this.#rest()) {
        this.#pumping = false;
        return;
      }
    }
    const paused = this.given.pause?.(this);
    if (paused === undefined) this.#step();
    else void paused.then(() => this.running && this.#step());
  };

  #step(): void {
    if (++this.steps > (this.given.maxSteps ?? 1e6)) return this.#stop({ kind: "steps", blocked: this.#blocked() });
    const strand = this.#pick();
    const { routine } = strand;
    this.#inVain = false;
    this.#turns = 0;
    routine.pending--;
    this.#current = routine;
    if (strand !== this.#timePasses) this.#last = routine;
    this.given.step?.(strand);
    strand.resume();
    this.#drain(this.#pump);
  }

  readonly #timePasses: Strand = {
    routine: this.#clockRoutine,
    why: "time",
    resume: () => this.#advanceEarly(),
    since: Infinity,
  };

  /** Returns the timer that is due before all that somebody waits for. */
  #unwatched(): StartedTimer | undefined {
    let first: StartedTimer | undefined;
    for (const timer of this.#timers) {
      if (!timer.running) this.#timers.delete(timer);
      else if (timer.due < (first ?? this.clock).due) first = timer;
    }
    return first;
  }

  #advanceEarly(): void {
    const timer = this.#unwatched();
    if (timer === undefined) return void this.#advance();
    this.clock.pass(timer.due);
    timer.poll();
  }

  /** Who can go on, in the order of reference. */
  get options(): readonly Strand[] {
    const { runnable, given } = this;
    let options: readonly Strand[] = runnable;
    if (given.order === "stay" && this.#inRow < maxInRow) {
      const own = runnable.findIndex(({ routine }) => routine === this.#last);
      if (own > 0) options = withFirst(runnable, own);
    }
    const passes =
      given.slow === true &&
      this.#early < maxEarly &&
      this.#root?.ended === false &&
      // The host calls back in the order in which that is due, however late it is.
      !runnable.some(({ why }) => why === "timer") &&
      (this.clock.due < Infinity || this.#unwatched() !== undefined);
    return passes ? [...options, this.#timePasses] : options;
  }

  /** Takes the strand that goes on off the list. */
  #pick(): Strand {
    const { runnable } = this;
    if (runnable.length === 1 && this.given.slow !== true) return runnable.pop() as Strand;
    const { options } = this;
    if (options.length === 1) return runnable.pop() as Strand;
    const strand = options[this.#choice(options.length, () => this.#strategy.next(options, this.#last))] as Strand;
    this.#inRow = strand.routine === this.#last ? this.#inRow + 1 : 0;
    if (strand === this.#timePasses) this.#early++;
    else runnable.splice(runnable.indexOf(strand), 1);
    return strand;
  }

  #choice(options: number, choose: () => number): number {
    const chosen = choose();
    this.choices.push(chosen);
    this.sizes.push(options);
    return chosen;
  }

  /** Nothing can go on. Returns false if nothing will, or not now. */
  #rest(): boolean {
    const { clock } = this;
    if (clock.due <= clock.now()) return this.#advance();
    if (this.#alive === 0) {
      this.#stop({ kind: "returned", value: this.#value });
      return false;
    }
    const { foreign = "durable", overtime = 0 } = this.given;
    if (this.#isBusy(foreign)) {
      if (foreign === "error") this.#stop({ kind: "foreign", blocked: this.#blocked() });
      else this.#await(foreign);
      return false;
    }
    if (this.#waiting !== undefined) {
      this.runnable.push(this.#waiting);
      this.#waiting = undefined;
      return true;
    }
    const root = this.#root as Routine;
    if (clock.due < Infinity && (!root.ended || this.#overtime++ < overtime)) return this.#advance();
    if (typeof foreign === "function" && !this.#inVain && this.#foreign().length > 0) {
      // Something may come all the same: an answer on a connection that was there before.
      this.#inVain = true;
      this.#await("wait");
      return false;
    }
    if (root.ended && this.given.leaks === false) this.#stop({ kind: "returned", value: this.#value });
    else this.#stop({ kind: root.ended ? "leak" : "deadlock", blocked: this.#blocked() });
    return false;
  }

  #isBusy(foreign: NonNullable<Options["foreign"]>): boolean {
    if (this.#outside > 0) return true;
    return typeof foreign === "function" ? foreign() : foreign !== "durable" && this.#foreign().length > 0;
  }

  #advance(): true {
    const { identity } = this.given;
    const advance = (): void => this.clock.advance();
    // In a scope of its own, which the alarms enter as the goroutines that have set them.
    this.#as(this.#clockRoutine, () => (identity === undefined ? advance() : identity.run(undefined, advance)));
    return true;
  }

  /** Waits until the world outside has woken a goroutine, has nothing more to do, or has taken too long. */
  #await(foreign: NonNullable<Options["foreign"]>): void {
    if (this.#looking !== undefined) return;
    const { patience = 5000, identity } = this.given;
    const since = realNow();
    // Nobody's timeout: that of a goroutine would be something to wait for.
    const later = (): unknown => (this.#looking = hostSetTimeout(look, 5));
    const lookLater = (): unknown => (identity === undefined ? later() : identity.run(undefined, later));
    const look = (): void => {
      this.#looking = undefined;
      if (!this.running || this.#pumping || this.runnable.length > 0) return;
      if (realNow() - since > patience) {
        if (this.#inVain) this.#kick();
        else this.#stop({ kind: "foreign", blocked: this.#blocked() });
      } else if (typeof foreign === "function" && !this.#isBusy(foreign)) this.#kick();
      else lookLater();
    };
    lookLater();
  }

  /** Returns the goroutines that await something that is not of this library. */
  #foreign(): Routine[] {
    const found: Routine[] = [];
    for (const routine of this.routines.values()) if (!routine.ended && routine.pending === 0) found.push(routine);
    return found;
  }

  #onlyForeign(): Routine | undefined {
    const found = this.running ? this.#foreign() : [];
    return found.length === 1 ? found[0] : undefined;
  }

  #blocked(): Blocked[] {
    const found: Blocked[] = [];
    for (const [operation, { routine, state, on }] of this.parked) {
      if (!routine.ended) found.push({ routine, state, on, operation, frames: [] });
    }
    const none = { on: undefined, operation: undefined, frames: [] };
    for (const routine of this.#foreign()) found.push({ routine, state: "await", ...none });
    for (const { routine } of this.runnable) found.push({ routine, state: "runnable", ...none });
    return found.sort((a, b) => a.routine.number - b.routine.number);
  }

  #stop(outcome: Outcome): void {
    this.#attached?.[dispose]();
    this.#watching?.[dispose]();
    if (this.#holdsGlobals) globals.release();
    this.#attached = this.#watching = this.#waiting = undefined;
    conductor = undefined;
    this.#forget();
    this.#finish(outcome);
    const followers = queue;
    queue = [];
    for (const ended of followers) ended();
  }

  /** Takes the goroutines that will never go on off the runtime's list. */
  #forget(): void {
    if (this.#alive === 0) return;
    // A copy: the list changes in the loop.
    for (const goroutine of Array.from(live)) {
      const routine = this.routines.get(goroutine.id);
      if (routine === undefined || routine.ended) continue;
      starters.set(routine, goroutine.place);
      live.delete(goroutine);
    }
  }
}

/** Returns a copy with the one at `index` before all others. In each step; spread slices would take twice as long. */
function withFirst(strands: readonly Strand[], index: number): readonly Strand[] {
  const all = [strands[index] as Strand];
  for (let i = 0; i < strands.length; i++) if (i !== index) all.push(strands[i] as Strand);
  return all;
}

function nested(inner: string, outer: string): PanicError {
  return new PanicError(
    inner === "synctest" && outer === "synctest"
      ? "synctest.Run called from within a synctest bubble"
      : `${inner}: called from within a run of ${outer}`,
  );
}
