/**
 * Locks, counters and other ways for goroutines to wait for each other. Mirrors Go's `sync` package.
 *
 * JavaScript runs one goroutine at a time until its next wait, so code between two waits needs no lock. State that must
 * not change across an `await` does.
 *
 * Every wait appears in the deadlock report under Go's name for it. Misuse that is fatal in Go ends the program, past
 * every `catch`.
 *
 * @module
 */

export { Cond } from "./cond.ts";
export { type Locked, type Locker } from "./locker.ts";
export { Map } from "./map.ts";
export { Mutex } from "./mutex.ts";
export { Once, onceFunc, onceValue, onceValues } from "./once.ts";
export { Pool } from "./pool.ts";
export { RWMutex } from "./rwmutex.ts";
export { WaitGroup } from "./waitgroup.ts";
