/**
 * Fairness towards the event loop. Goroutines resume in microtasks, and a chain of microtasks need not end: two
 * goroutines that send to each other endlessly would starve timers, sockets and deadlines. So operations are counted,
 * and after about a millisecond without a turn of the event loop every goroutine that would resume joins one queue,
 * which the next turn releases.
 *
 * The count only decides when the clock is read. It must not decide alone: a thousand operations may take a microsecond
 * or a second.
 */

import { tracesPromises } from "./environment.ts";
import { exempt, halted, ringPostponed, setHalted } from "./halted.ts";
import { hooks } from "./hooks.ts";
import { realNow, requestTurn, type Turn } from "./host.ts";
import { detour } from "./random.ts";

/** How long goroutines may keep the event loop waiting, in milliseconds. */
const quantum = 1;

/**
 * The largest number of operations between two looks at the clock. A look costs as much as half an operation; but when
 * fast operations become slow, this many pass before the next look.
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

/** True from the end of the quantum until the turn: goroutines that would resume meanwhile join the queue. */
let turnOwed = false;

/** Freezes all goroutines where they are parked, or at their next operation. For the end of the program. */
export function halt(): void {
  setHalted(true);
  turnOwed = true;
  credit = 0;
}

/** Undoes {@link halt} if the program goes on after all: the next turn releases the frozen goroutines. */
export function resume(): void {
  if (!halted) return;
  setHalted(false);
  turnOwed = false;
  // Requests a new turn, because Bun may lose one that was requested before an uncaught error.
  beginSlice(realNow());
  owe();
  onNextTurn(ringPostponed);
}

/** What the turn releases, in order: pairs of a function and its argument, from `lateHead` on. */
let late: unknown[] = [];
let lateHead = 0;

/** Starts that were queued as microtasks when the turn became owed. They are older than all of `late`, and go first. */
const returned: Batch[] = [];

/** What the starts join that must wait once more: the first of `returned`, until another batch is released. */
let joined: Batch | undefined;

/**
 * Starts that wait for the turn together. Each runs in its own reaction to the promise, which carries its asynchronous
 * context, and looks again then whether it may run. There are few of them, because each may have to wait again.
 */
class Batch {
  size = 0;
  declare settle: () => void;
  readonly settled: Promise<void> = new Promise<void>((resolve) => (this.settle = resolve));

  /** Returns the promise on which one of the starts waits. */
  join(): Promise<void> {
    this.size++;
    return tracesPromises ? new Promise((resolve) => void this.settled.then(resolve)) : this.settled;
  }
}

/** As an entry of `late`, with its batch. */
function settleBatch(batch: Batch | undefined): void {
  joined = undefined;
  batch?.settle();
}

/** Callbacks for the next turn, whether or not one is owed. */
let atTurn: (() => void)[] = [];

/**
 * How many goroutines may be woken in one step, such as the closing of a channel, before the others wait for a turn:
 * the clock does not move in that step, but each of them may compute for long when it resumes. So many starts are a
 * batch, too.
 */
const maxBurst = 64;
let burst = 0;

/** Counts an operation that is awaited, and tells whether its goroutine must resume only after a turn. */
export function owesTurn(): boolean {
  burst = 0;
  return --credit < 0 && look();
}

/** Counts an operation that is not awaited. One step may have many of these, so they do not end a burst. */
export function countTry(): void {
  if (--credit < 0) look();
}

/** Is called when a goroutine parks: it has run since it was woken. */
export function endBurst(): void {
  burst = lags = 0;
}

/** Counts a wake, and tells whether the woken goroutine must wait for a turn. */
export function owesTurnToWake(): boolean {
  if (++burst > maxBurst) owe();
  return --credit < 0 && look();
}

/**
 * Calls `resume(result)` after the next turn, in the order of these calls; or when an attached schedule does. With a
 * schedule every operation owes a turn, so that every resumption passes here. `operation` is the one that was parked.
 */
export function afterTurn<T>(resume: (result: T) => void, result: T, operation?: object): void {
  if (hooks?.schedule !== undefined && isScheduled(resume, result, operation)) return;
  owe();
  late.push(resume, result);
}

/** Asks the schedule. A function of its own, because the closure would make `afterTurn` slower. */
function isScheduled<T>(resume: (result: T) => void, result: T, operation: object | undefined): boolean {
  return hooks?.schedule?.(() => resume(result), operation) === true;
}

/** Makes the next operation look, whatever the credit: attached hooks may have a schedule, which must see each. */
export function lookAtNextOperation(): void {
  credit = 0;
}

/** Calls `callback` once on the next turn of the event loop, without keeping the process alive for it. */
export function onNextTurn(callback: () => void): void {
  atTurn.push(callback);
  if (turn === undefined) beginSlice(realNow());
}

const resolved: Promise<void> = Promise.resolve();

/** Undefined in a test of node:test: there each operation needs a promise of its own. */
const shared: Promise<void> | undefined = tracesPromises ? undefined : resolved;

/** Returns a promise that settles after the microtasks that are queued now. */
export function nextTick(): Promise<void> {
  return resolved.then();
}

/**
 * Returns the promise on which a new goroutine waits before it runs: a settled one, or one that is released after the
 * owed turn. A start does not overtake what already waits for the turn, so starts keep their order.
 */
export function turnBeforeStart(): Promise<void> {
  if (starts === runs) startIsFree = true;
  const looks = (++starts & 63) === 0;
  if (lateHead < late.length || returned.length > 0 || turnOwed || (looks && look())) {
    owe();
    if (late.at(-2) !== settleBatch || (late.at(-1) as Batch).size === maxBurst) late.push(settleBatch, new Batch());
    return (late.at(-1) as Batch).join();
  }
  return shared ?? Promise.resolve();
}

/**
 * Counts starts. The clock is looked at for some of them too, because of steps with very many: otherwise a start is
 * counted as an operation only when it runs.
 */
let starts = 0;

/** Counts the starts that have run. */
let runs = 0;

/**
 * Whether the next start runs even if a turn is owed: the first of a step does, like a goroutine woken in that step,
 * and the first after a turn. The starts behind it may have to wait, because it may have computed for long.
 */
let startIsFree = false;

/**
 * Counts a goroutine that is about to run. If a turn has become owed since it was started, returns a promise to wait
 * on. The goroutine keeps its place: everything that waits for the turn came after it.
 */
export function turnBeforeRun(): Promise<void> | undefined {
  const owed = owesTurn() && turnOwed;
  if (owed && (halted || !startIsFree)) {
    // The starts of a released batch stay before the other batches. Only first waits fill more than one.
    if (joined === undefined) returned.unshift((joined = new Batch()));
    else if (joined.size === maxBurst) returned.push((joined = new Batch()));
    return joined.join();
  }
  startIsFree = false;
  runs++;
  return undefined;
}

/** By how many microtasks the next operation that need not wait is delayed: see `detour`. */
let lag = 0;

/**
 * How many of the next operations that need not wait lag before they take anything, not after it. Otherwise goroutines
 * that only try, and release and take in one step what the others want, would never succeed: at each look everything is
 * taken. It is more than one, because what the others want may be released only by the second or third operation. An
 * operation that must wait still parks at once, because its caller may serve it in the same step.
 */
export let spinning = 0;

/**
 * How often an operation has lagged since a goroutine last parked; more often than `maxLags` counts as spinning. Tries
 * that fail in a single step do not count, because no other goroutine could run in between.
 */
let lags = 0;
const maxLags = 8;

/** Is called when a try has failed. */
export function missed(): false {
  lag ||= detour(1);
  if (lag && lags > maxLags) spinning = 3;
  return false;
}

/** Calls a method of `self`, which is an operation, after the lag of a goroutine that spins. */
export async function afterLag<Args extends unknown[], T>(
  self: unknown,
  operation: (...args: Args) => Promise<T>,
  ...args: Args
): Promise<T> {
  const others = --spinning;
  await readyWithLag(others);
  spinning = 0;
  const promise = operation.apply(self, args);
  spinning = others;
  return promise;
}

/** Returns the promise of `gosched`, which lets other goroutines run. */
export function readyAfterOthers(): Promise<void> {
  lag ||= detour(2);
  return readyVoid();
}

/**
 * Returns a settled promise for an operation that did not have to wait. `settled` is a promise of `value` that was made
 * once and is used again and again, where there is one; never in a test of node:test.
 */
export function ready<T>(value: T, settled?: Promise<T>): Promise<T> {
  burst = 0;
  if (--credit < 0 || lag !== 0) return readyAfterLook(value, settled);
  return settled ?? Promise.resolve(value);
}

/** Apart, so that `ready` is small enough to be inlined wherever it is called. */
function readyAfterLook<T>(value: T, settled: Promise<T> | undefined): Promise<T> {
  const late = credit < 0 && look();
  if (lag !== 0) return readyWithLag(value);
  return late ? readyLater(value) : (settled ?? Promise.resolve(value));
}

/** Returns the settled promise that all operations without a result share. */
export function readyVoid(): Promise<void> {
  return ready(undefined, shared);
}

/**
 * Returns a rejected promise for an operation that failed at once. If a turn is owed, the promise is rejected only
 * after it: rejected earlier it could have no handler yet, and the host would report an unhandled rejection.
 */
export function readyError(error: unknown): Promise<never> {
  if (!owesTurn()) return Promise.reject(error);
  return new Promise<never>((_, reject) => afterTurn(reject, error));
}

/**
 * Returns a promise that settles `lag` microtasks later. A turn that is owed meanwhile delays it at each of them, like
 * all other goroutines; otherwise the clock would decide how far it lags.
 */
function readyWithLag<T>(value: T): Promise<T> {
  let left = lag;
  lag = 0;
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
  // Some hosts stop the clock while code runs: then the number of looks decides.
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

/** From here on every goroutine that would resume waits for the next turn. */
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
    releasePortion(lastLook);
  }
  const callbacks = atTurn;
  atTurn = [];
  for (const callback of callbacks) callback();
}

/** How many entries of the queue are released before the next look at the clock; adapted to how long they take. */
let portion = 16;
const maxPortion = 128;

/** Releases the first entries of the queue. The others follow while the quantum lasts. */
function releasePortion(now: number): void {
  // What is behind a batch must not overtake those of its starts that use up the quantum and wait again.
  const first = returned.shift();
  let end = first === undefined ? Math.min(late.length, lateHead + 2 * portion) : 0;
  settleBatch(first);
  while (lateHead < end) {
    const resume = late[lateHead] as (result: unknown) => void;
    const result = late[lateHead + 1];
    lateHead += 2;
    resume(result);
    if (resume === settleBatch) end = lateHead;
  }
  if (lateHead < late.length || returned.length > 0) void resolved.then(() => releaseMore(now));
  // Dropping the released half only when it is the larger one keeps the cost per entry constant.
  if (lateHead * 2 >= late.length) {
    late = lateHead === late.length ? [] : late.slice(lateHead);
    lateHead = 0;
  }
}

/** Releases more after the portion that was released at `before` has run, or leaves the rest to the next turn. */
function releaseMore(before: number): void {
  const now = realNow();
  if (now - before > quantum / 4) portion = Math.max(portion >> 1, 1);
  else portion = Math.min(portion * 2, maxPortion);
  if (now - sliceStart >= quantum) owe();
  if (!turnOwed) releasePortion(now);
}
