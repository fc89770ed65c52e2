/**
 * Goroutines and the life of the program: `go`, `defer`, `main`, panics, deadlocks, and the hooks for tools. Mirrors
 * Go's `go` and `defer` statements and parts of its `runtime` package.
 *
 * @module
 */

export { attach } from "./attach.ts";
export { defer } from "./defer.ts";
export { goexit, isGoexit, recover } from "./goexit.ts";
export { go, gosched, main, numGoroutine } from "./goroutine.ts";
export {
  type Clock,
  type DecidingHooks,
  type Hooks,
  type SelectCase,
  type StartedTimer,
  type WaitState,
  type WatchingHooks,
} from "./hooks.ts";
export { PanicError } from "./panic.ts";
export { seed } from "./random.ts";
