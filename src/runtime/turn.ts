/**
 * Fairness towards the event loop. Goroutines go on in microtasks, and a chain of microtasks never ends by itself: two
 * goroutines that talk for ever would keep timers, sockets and deadlines waiting for ever. So operations are counted,
 * and after about a millisecond without a turn of the event loop everything that would go on joins one queue, which
 * the next turn releases.
 *
 * The count decides only when the clock is read. It must not decide alone: a thousand operations may take a
 * microsecond or a second.
 */

import { hooks } from "./hooks.ts";
import { realNow, requestTurn, type Turn } from "./host.ts";
import { tracesPromises } from "./process.ts";
import { detour } from "./random.ts";

/** How long goroutines may keep the event loop waiting, in milliseconds. */
const quantum = 1;

/**
 * The largest number of operations between two looks at the clock. A look costs as much as half an operation; but when
 * operations that were fast become slow, this many pass before anybody notices.
 */
const maxStride = 64;

/** Operations until the next look, and from one look to the next; the stride shrinks while operations are slow. */
let credit = 16;
let stride = 16;
let lastLook = 0;

/** Looks in a row at which the clock had not moved. */
let frozenLooks = 0;
const maxFrozenLooks = 256;

/** The turn that ends this slice, requested when the slice begins; undefined between slices. */
let turn: Turn | undefined;
let sliceStart = 0;

/** True from the moment the quantum is used up until the turn comes: who would go on meanwhile joins the queue. */
let turnOwed = false;

/** Whether the program has come to its end: then nobody goes on any more. */
let halted = false;

/** Freezes all goroutines where they are, or where they next come to an operation. For the end of the program. */
export function halt(): void {
  halted = turnOwed = true;
  credit = 0;
}

/** Undoes {@link halt} when the program has turned out to go on: the next turn releases what was frozen. */
export function resume(): void {
  if (!halted) return;
  halted = turnOwed = false;
  // A turn of its own: Bun may lose the one that was requested before an uncaught error.
  beginSlice(realNow());
  owe();
}

/** Whether the operations that begin just now are those of a deferred call, which go on in a halted program. */
let exempt = false;

/**
 * Runs a deferred call. When main has returned, a goroutine whose panic unwinds still makes its deferred calls, and what
 * they begin at once must not freeze it.
 */
export function runDeferred<T>(call: () => T): T {
  if (!halted) return call();
  exempt = true;
  try {
    return call();
  } finally {
    exempt = false;
  }
}

export function isHalted(): boolean {
  return halted;
}

/** What goes on after the turn, in order: pairs of a function and its argument, from `lateHead` on. */
let late: unknown[] = [];
let lateHead = 0;

/** Starts that were on their way when the turn became owed. They are older than everything in `late`, and go first. */
let returned: (() => void)[] = [];

/** What wants to be called on the next turn, whether or not one is owed. */
let atTurn: (() => void)[] = [];

/**
 * How many goroutines may be woken in one step, such as the closing of a channel, before the others wait for a turn: the
 * clock does not move in that step, but each of those that go on may compute for long.
 */
const maxBurst = 64;
let burst = 0;

/** Counts an operation that is awaited, and tells whether its goroutine must let the event loop turn before it goes on. */
export function owesTurn(): boolean {
  burst = 0;
  return --credit < 0 && look();
}

/** Counts an operation that is not awaited. Many of these may be one step, so they do not end a burst. */
export function countTry(): void {
  if (--credit < 0) look();
}

/** Is told when a goroutine parks: it has run since it was woken. */
export function endBurst(): void {
  burst = lags = 0;
}

/** Counts one wake, and tells whether the one who is woken must wait for a turn. */
export function owesTurnToWake(): boolean {
  if (++burst > maxBurst) owe();
  return --credit < 0 && look();
}

/**
 * Calls `resume(result)` after the next turn, in the order of these calls; or when an attached schedule says so. With a
 * schedule every operation owes a turn, so that all who go on come by here. `operation` is the one that was parked.
 */
export function afterTurn<T>(resume: (result: T) => void, result: T, operation?: object): void {
  if (hooks?.schedule !== undefined && isScheduled(resume, result, operation)) return;
  owe();
  late.push(resume, result);
}

/** Asks the schedule. Apart from `afterTurn`, which would get slower by the closure. */
function isScheduled<T>(resume: (result: T) => void, result: T, operation: object | undefined): boolean {
  return hooks?.schedule?.(() => resume(result), operation) === true;
}

/** Lets the next operation look, whatever its credit: attached hooks may have a schedule, which wants to see each. */
export function lookAtNextOperation(): void {
  credit = 0;
}

/** Calls `callback` once on the next turn of the event loop, without keeping the process alive for it. */
export function onNextTurn(callback: () => void): void {
  atTurn.push(callback);
  if (turn === undefined) beginSlice(realNow());
}

const resolved: Promise<void> = Promise.resolve();

/** Returns a promise that settles after the microtasks that are queued now. */
export function nextTick(): Promise<void> {
  return resolved.then();
}

/**
 * Returns the promise on which a new goroutine waits before it runs: a settled one, or one that is released after the
 * turn that is owed. A start never overtakes what waits for the turn already, so starts keep their order.
 */
export function turnBeforeStart(): Promise<void> {
  if (startsWaiting++ === 0) startIsFree = true;
  const looks = (++starts & 63) === 0;
  if (lateHead < late.length || turnOwed || (looks && look())) return readyLater(undefined);
  return tracesPromises ? Promise.resolve() : resolved;
}

/** Each start is counted when it runs; this is for steps in which very many are started. */
let starts = 0;

/** How many have been started and have not run. */
let startsWaiting = 0;

/**
 * Whether the next start runs whatever is owed: the first of a step, as what is woken in the same step does, and the first
 * after a turn. Those behind it may have to wait, because it may have computed for long.
 */
let startIsFree = false;

/**
 * Counts a goroutine that is about to run. If a turn has become owed since it was started, it returns a promise to wait
 * on. The goroutine keeps its place: all that waits for the turn already came after it.
 */
export function turnBeforeRun(): Promise<void> | undefined {
  const owed = owesTurn() && turnOwed;
  if (owed && (halted || !startIsFree)) return new Promise<void>((resolve) => returned.push(resolve));
  startIsFree = false;
  startsWaiting--;
  return undefined;
}

/** By how many microtasks the next operation that need not wait loses its place: see `detour`. */
let lag = 0;

/**
 * How often one that had tried in vain lagged since a goroutine last parked, and from when on that counts as spinning. What
 * was tried in vain in a single step does not count: nobody else could run meanwhile.
 */
let lags = 0;
const maxLags = 8;

/**
 * Whether the next operation that need not wait loses its place before it takes anything, not after it. Goroutines that only
 * try in vain, and give back and take in one step what the others want, never see what they want: all is taken whenever one of
 * them looks. An operation that waits parks at once all the same: whoever calls it may serve it in the same step.
 */
export let spinning = false;

/** Is told that something was tried in vain. */
export function missed(): false {
  lag ||= detour(1);
  spinning = lags > maxLags && lag > 0;
  return false;
}

/** Carries out an operation for a goroutine that spins. */
export async function afterLag<T>(operation: () => Promise<T>): Promise<T> {
  await readyWithLag(undefined);
  return operation();
}

/** Returns a promise for a goroutine that only wants others to run. */
export function readyAfterOthers(): Promise<void> {
  lag ||= detour(2);
  return readyVoid();
}

/** Returns a settled promise for an operation that did not have to wait. */
export function ready<T>(value: T): Promise<T> {
  const late = owesTurn();
  if (lag !== 0) return readyWithLag(value);
  return late ? readyLater(value) : Promise.resolve(value);
}

/** Returns `settled`, a promise of `value` that was made once and is used again and again. */
export function readyAgain<T>(settled: Promise<T>, value: T): Promise<T> {
  const late = owesTurn();
  if (lag !== 0) return readyWithLag(value);
  if (late) return readyLater(value);
  return tracesPromises ? Promise.resolve(value) : settled;
}

/** Returns the settled promise that all operations without a result share. */
export function readyVoid(): Promise<void> {
  return readyAgain(resolved, undefined);
}

/**
 * Returns a rejected promise for an operation that failed at once. If a turn is owed, the error is thrown only after it:
 * nobody would have looked at a promise that was rejected earlier, and the host would report an unhandled rejection.
 */
export function readyError(error: unknown): Promise<never> {
  if (!owesTurn()) return Promise.reject(error);
  return new Promise<never>((_, reject) => afterTurn(reject, error));
}

/**
 * Returns a promise that settles as many microtasks later as `lag` says. A turn that is owed meanwhile holds it up at each of
 * them, as it does all others; or the clock would decide how far it lags.
 */
function readyWithLag<T>(value: T): Promise<T> {
  let left = lag;
  lag = 0;
  spinning = false;
  return new Promise<T>((resolve) => {
    const step = (): void => {
      if (left-- === 0) {
        lags++;
        if (turnOwed) afterTurn(resolve, value);
        else resolve(value);
      } else {
        void (turnOwed ? readyLater(undefined) : resolved).then(step);
      }
    };
    step();
  });
}

function readyLater<T>(value: T): Promise<T> {
  return new Promise<T>((resolve) => afterTurn(resolve, value));
}

function look(): boolean {
  credit = 0;
  if (turnOwed || hooks?.schedule !== undefined) return !exempt;
  const now = realNow();
  // Some hosts stop the clock while code runs: then the number of looks must do.
  frozenLooks = now === lastLook ? frozenLooks + 1 : 0;
  // Aims at eight looks in a quantum. After a pause the stride starts small again and doubles within a few looks. It is
  // adapted before anything else: operations that have just become slow use up the quantum between two looks.
  const spent = now - lastLook;
  stride = Math.max(1, Math.min(stride * 2, maxStride, Math.floor((stride * quantum) / (8 * spent))));
  lastLook = now;
  if (turn === undefined) {
    beginSlice(now);
  } else if (now - sliceStart >= quantum || frozenLooks > maxFrozenLooks) {
    frozenLooks = 0;
    owe();
    return true;
  }
  credit = stride;
  return false;
}

/** From here on everybody waits for the next turn. */
function owe(): void {
  if (turnOwed) return;
  if (turn === undefined) beginSlice(realNow());
  turn?.hold();
  turnOwed = true;
  credit = 0;
}

function beginSlice(now: number): void {
  sliceStart = now;
  turn = requestTurn(turned);
}

function turned(): void {
  turn = undefined;
  if (turnOwed && !halted) {
    turnOwed = false;
    burst = 0;
    credit = hooks?.schedule === undefined ? stride : 0;
    lastLook = realNow();
    beginSlice(lastLook);
    startIsFree = true;
    if (returned.length > 0) putBack();
    if (late.length > 0) releasePortion(lastLook);
  }
  const callbacks = atTurn;
  if (callbacks.length > 0) {
    atTurn = [];
    for (const callback of callbacks) callback();
  }
}

/** Puts the starts that have returned in front of the queue: where they were taken from, as a rule. */
function putBack(): void {
  const needed = 2 * returned.length;
  if (lateHead < needed) {
    late = Array.from({ length: needed }).concat(late.slice(lateHead));
    lateHead = needed;
  }
  lateHead -= needed;
  for (const [i, resume] of returned.entries()) {
    late[lateHead + 2 * i] = resume;
    late[lateHead + 2 * i + 1] = undefined;
  }
  returned = [];
}

/** How many of the queue are released before the next look at the clock; adapted to how long they take. */
let portion = 16;
const maxPortion = 128;

/** Lets the first of the queue go on. The others follow behind them, as long as the quantum lasts. */
function releasePortion(now: number): void {
  const end = Math.min(late.length, lateHead + 2 * portion);
  while (lateHead < end) {
    const resume = late[lateHead] as (result: unknown) => void;
    const result = late[lateHead + 1];
    lateHead += 2;
    resume(result);
  }
  if (lateHead < late.length) void resolved.then(() => releaseMore(now));
  // Dropping the released half only when it is the larger one keeps the cost per entry constant.
  if (lateHead * 2 >= late.length) {
    late = lateHead === late.length ? [] : late.slice(lateHead);
    lateHead = 0;
  }
}

/** Goes on with the queue after the portion that was released at `before` has run, or leaves the rest to the next turn. */
function releaseMore(before: number): void {
  const now = realNow();
  if (now - before > quantum / 4) portion = Math.max(portion >> 1, 1);
  else portion = Math.min(portion * 2, maxPortion);
  if (now - sliceStart >= quantum) owe();
  if (!turnOwed) releasePortion(now);
}
