import { checkOrphans, watchForDeadlock } from "./deadlock.ts";
import { bound } from "./async-context.ts";
import { checkFunction, isThenable } from "./arguments.ts";
import { goexitSignal, withoutGoexit } from "./goexit.ts";
import { hooks } from "./hooks.ts";
import { crash } from "./crashreport.ts";
import { fatal } from "./panic.ts";
import { placeIfAffordable } from "./place.ts";
import { exitNormally } from "./process.ts";
import { live } from "./live.ts";
import { Goroutine, onStack, program, setOnStack } from "./program.ts";
import { nextTick, readyAfterOthers, turnBeforeRun, turnBeforeStart } from "./turn.ts";

let lastId = 1;

/**
 * Starts a goroutine: calls `f` with `args`, later, never on the caller's stack. Mirrors Go's `go f(args)`.
 *
 * `f` usually is an async function; its result is discarded. When it first runs is not promised. Arguments
 * are evaluated by the caller, at once; objects are shared with the goroutine, not copied.
 *
 * An error that `f` throws, or rejects with, ends the program: standard error gets `panic: ` with the message and
 * `goroutine N [running]:` with the stack, and the exit status is 2. For the host it is an uncaught error: Node's
 * `uncaughtExceptionMonitor` sees it, and if there is a handler for `uncaughtException`, a test runner's or a crash
 * reporter's, it gets the error and decides whether the process ends. In a worker thread the parent gets it as the
 * event `error`. Where there is no process to end, as in a browser, the error is reported to the host as uncaught.
 * Goroutines do not keep the process alive by themselves; what they wait for does.
 *
 * @throws TypeError `go: 42 is not a function`. A missing function is Go's fatal error `go of nil func value`, which
 * ends the program.
 *
 * @example
 * ```ts
 * const squares = chan<number>();
 * go(async (n: number) => squares.send(n * n), 7);
 * console.log(await squares.receive()); // 49
 * ```
 */
export function go<Args extends unknown[]>(f: (...args: Args) => unknown, ...args: Args): void {
  if (f === undefined || f === null) fatal("go of nil func value");
  checkFunction("go", f);
  goFrom(go, f, args);
}

/** @internal Starts a goroutine whose place is where `below`, a function of this library, was called. */
export function goFrom(below: unknown, f: (...args: never[]) => unknown, args: unknown[]): void {
  watchForDeadlock();
  start(new Goroutine(++lastId, placeIfAffordable(below)), f, args);
}

/**
 * Runs the program's main function. Mirrors Go's `func main()`.
 *
 * When `f` has returned the program is over: the process exits with status 0 (or `process.exitCode`) at once, even if
 * other goroutines, timers and sockets are left; `finally` blocks do not run. An error that `f` throws ends the
 * program with Go's panic report and status 2. When `f` waits and nothing is left that could ever wake it, the program
 * ends with `fatal error: all goroutines are asleep - deadlock!`, a report of every goroutine, and status 2. Hosts
 * without a process, such as browsers, go on when `f` has returned, and detect no deadlock; there `main` may be called
 * again then, as hot reload does.
 *
 * @throws Error `main: called twice`, if the first has not returned.
 * @throws TypeError `main: 42 is not a function`
 *
 * @example
 * ```ts
 * main(async () => {
 *   const done = chan<void>();
 *   go(async () => done.close());
 *   await done.receive();
 * });
 * ```
 */
export function main(f: () => unknown): void {
  checkFunction("main", f);
  if (program.main === "running") throw new Error("main: called twice");
  program.main = "running";
  watchForDeadlock();
  start(new Goroutine(1, placeIfAffordable(main)), f, []);
}

/**
 * Lets other goroutines run before the caller goes on. Mirrors Go's `runtime.Gosched`.
 *
 * It is not a barrier: it does not promise which goroutines have run. A loop that calls it lets timers and I/O happen.
 *
 * @example
 * ```ts
 * while (!ready) await gosched();
 * ```
 */
export function gosched(): Promise<void> {
  return readyAfterOthers();
}

/**
 * Returns the number of goroutines that have not ended, main included. Mirrors Go's `runtime.NumGoroutine`. Contexts,
 * timers and tickers do not count.
 *
 * @example
 * ```ts
 * const before = numGoroutine();
 * go(async () => {});
 * console.log(numGoroutine() - before); // 1
 * ```
 */
export function numGoroutine(): number {
  return live.size + (program.main === "module" ? 1 : 0);
}

/**
 * Starts a goroutine. One scope serves all closures of a goroutine, because each scope and each closure would make every
 * start slower.
 */
function start(goroutine: Goroutine, f: (...args: never[]) => unknown, args: unknown[]): void {
  // A function that names itself need not be a variable that it refers to, which each start would have to allocate.
  const begin = function again(scheduled: boolean | void): void {
    const turn = scheduled ? undefined : turnBeforeRun();
    if (turn !== undefined) {
      void turn.then(again);
      return;
    }
    setOnStack(goroutine.id);
    try {
      const result = hooks?.run === undefined ? f(...(args as never[])) : runWithin(hooks.run, goroutine.id, f, args);
      setOnStack(0);
      if (isThenable(result)) {
        goroutine.settled = Promise.resolve(result).then(
          () => ended(goroutine),
          (error: unknown) => failed(goroutine, error, f.name),
        );
        return;
      }
    } catch (error) {
      setOnStack(0);
      failed(goroutine, error, f.name);
      return;
    }
    ended(goroutine);
  };
  live.add(goroutine);
  if (hooks !== undefined && isScheduled(goroutine.id, begin)) return;
  let turn = turnBeforeStart();
  // Main may be about to return, which its promise shows one microtask later. A goroutine that it has just started must
  // not run after its end.
  if (onStack === 1) turn = turn.then(nextTick);
  // One promise reaction for each start, because it carries the asynchronous context. One microtask for all starts of a
  // step would save 26 ns each, but run them all in the context of the first.
  void turn.then(begin);
}

/** Calls the hooks for a new goroutine; true if a schedule will start it. */
function isScheduled(id: number, begin: (scheduled: boolean) => void): boolean {
  hooks?.spawn?.(id);
  return (
    hooks?.schedule?.(
      bound(() => begin(true)),
      id,
    ) === true
  );
}

function runWithin(
  within: (id: number, f: () => unknown) => unknown,
  id: number,
  f: (...args: never[]) => unknown,
  args: unknown[],
): unknown {
  return within(id, () => f(...(args as never[])));
}

function ended(goroutine: Goroutine): void {
  live.delete(goroutine);
  hooks?.end?.(goroutine.id);
  if (goroutine.id === 1) {
    program.main = "exited";
    exitNormally(live);
  } else {
    checkOrphans();
  }
}

function failed(goroutine: Goroutine, error: unknown, name: string): void {
  live.delete(goroutine);
  const panic = withoutGoexit(error);
  if (panic === goexitSignal) {
    hooks?.end?.(goroutine.id);
    checkOrphans();
  } else if (hooks?.panic?.(goroutine.id, panic) !== true) {
    // If a handler lets the program go on, main has ended.
    if (goroutine.id === 1) program.main = "module";
    crash(panic, goroutine, name);
  }
}
