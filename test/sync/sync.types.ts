// Compiled only: what the types of sync allow and refuse.
import { chan, type Context, context, type ContextLike, sync } from "gocsp";
import { Cond, type Locked, type Locker, Map, Mutex, Once, Pool, RWMutex, WaitGroup } from "gocsp/sync";
import { onceFunc, onceValue, onceValues } from "gocsp/sync";
import { check, type Equal } from "../support/types.ts";

declare const ctx: Context;
declare const ending: ContextLike;

// The namespace and the subpath are the same [Y1].
check<Equal<typeof sync.Mutex, typeof Mutex>>();
export const same: Mutex = new sync.Mutex();

// Locks: promises of disposables, with a context or without.
export const mu = new Mutex();
check<Equal<ReturnType<Mutex["lock"]>, Promise<Locked>>>();
check<Equal<ReturnType<RWMutex["rLock"]>, Promise<Locked>>>();
check<Equal<ReturnType<Mutex["tryLock"]>, boolean>>();
check<Equal<ReturnType<Mutex["unlock"]>, void>>();
void [mu.lock(), mu.lock(ctx), mu.lock(ending), mu.lock({ done: () => null, err: () => undefined })];
export const rw = new RWMutex();
void [rw.lock(ctx), rw.rLock(ctx), rw.tryRLock()];
// @ts-expect-error a signal is not a context
void mu.lock(new AbortController().signal);
// @ts-expect-error neither is nil
void mu.lock(null);
// @ts-expect-error a channel is none either
void mu.lock(ctx.done());
// @ts-expect-error the two are different locks: a Mutex has no readers
void mu.rLock();
export async function block(): Promise<void> {
  using _ = await mu.lock();
  using _1 = await rw.rLock(ctx);
  // @ts-expect-error the promise itself is nothing to dispose of: the await must not be forgotten
  using _2 = mu.lock();
}
export const disposable: Promise<Disposable> = mu.lock();

// withLock yields what f returns, promises unwrapped [Y7].
export const plain: Promise<number> = mu.withLock(() => 1);
export const unwrapped: Promise<string> = mu.withLock(async () => "text");
check<Equal<ReturnType<typeof nothing>, Promise<void>>>();
export function nothing() {
  return mu.withLock(() => undefined as void);
}
// @ts-expect-error f gets no arguments
void mu.withLock((n: number) => n);

// Lockers: mutexes, the read side, the user's own [Y14] [Y39].
export const lockers: Locker[] = [mu, rw, rw.rLocker(), { lock: async () => undefined, unlock: () => undefined }];
// @ts-expect-error it must unlock too
export const half: Locker = { lock: async () => undefined };
// @ts-expect-error and its lock must be one to await
export const atOnce: Locker = { lock: () => undefined, unlock: () => undefined };
check<Equal<Cond["l"], Locker>>();
export const cond = new Cond(mu);
void new Cond({ lock: async () => 7, unlock: () => undefined });
// @ts-expect-error a Cond needs a lock
void new Cond();
// @ts-expect-error which it cannot change
cond.l = mu;
check<Equal<ReturnType<Cond["wait"]>, Promise<void>>>();
void [cond.wait(), cond.wait(ctx)];
// @ts-expect-error a channel is not a lock
void new Cond(chan<void>());

// WaitGroup: go takes a function and its arguments [Y23].
export const wg = new WaitGroup();
wg.go(() => undefined);
wg.go(async (n: number, s: string) => s.repeat(n), 3, "text");
// @ts-expect-error an argument is missing
wg.go((n: number) => n);
// @ts-expect-error an argument has the wrong type
wg.go((n: number) => n, "3");
// @ts-expect-error a promise is not a function: it would run already
wg.go(Promise.resolve());
// @ts-expect-error a counter takes numbers
wg.add("1");
// @ts-expect-error as in Go add needs its delta
wg.add();
check<Equal<ReturnType<WaitGroup["go"]>, void>>();
check<Equal<ReturnType<WaitGroup["wait"]>, Promise<void>>>();

// Once and what is made of functions: the types stay [Y30].
export const once = new Once();
check<Equal<ReturnType<Once["do"]>, Promise<void>>>();
void [once.do(() => 7), once.do(async () => "text")];
// @ts-expect-error f gets no arguments
void once.do((n: number) => n);
export const warn: () => void = onceFunc(() => undefined);
export const warnAsync: () => Promise<void> = onceFunc(async () => undefined);
export const config: () => number = onceValue(() => 1);
export const configAsync: () => Promise<number> = onceValue(async () => 1);
export const pair: () => readonly [number, string] = onceValues(() => [1, "a"] as const);
export const pairAsync: () => Promise<readonly [number, string]> = onceValues(async () => [1, "a"] as const);
// @ts-expect-error a value is not a tuple
onceValues(() => 1);
// @ts-expect-error f takes no arguments
onceValue((n: number) => n);
// @ts-expect-error a function that yields something is a onceValue
onceFunc(() => 7);

// Pool: without a function to make one, an empty pool yields undefined [Y46].
export const buffers = new Pool<Uint8Array>(() => new Uint8Array(8));
export const buffer: Uint8Array = buffers.get();
buffers.put(buffer);
buffers.put(null);
buffers.put(undefined);
// @ts-expect-error another type does not belong there
buffers.put("text");
export const maybe = new Pool<Uint8Array | undefined>();
// @ts-expect-error so what it yields may be missing
export const missing: Uint8Array = maybe.get();
// @ts-expect-error and a type without undefined needs the function
void new Pool<Uint8Array>();

// Map: `ok` and `loaded` tell what the value is [Y42].
export const sessions = new Map<string, number>();
export function minutes(id: string): number {
  const [session, ok] = sessions.load(id);
  if (!ok) {
    check<Equal<typeof session, undefined>>();
    return 0;
  }
  check<Equal<typeof session, number>>();
  return session;
}
export const [actual, loaded] = sessions.loadOrStore("id", 1);
check<Equal<typeof actual, number>>();
check<Equal<typeof loaded, boolean>>();
const [deleted, was] = sessions.loadAndDelete("id");
if (was) deleted satisfies number;
const [previous, before] = sessions.swap("id", 1);
if (before) previous satisfies number;
// @ts-expect-error without the check it may be missing
previous satisfies number;
export const swapped: boolean = sessions.compareAndSwap("id", 1, 2) || sessions.compareAndDelete("id", 2);
// @ts-expect-error the key has the wrong type
sessions.load(1);
// @ts-expect-error the value has the wrong type
sessions.store("id", "1");
sessions.range((key: string, value: number) => key.length > value);
// @ts-expect-error f must say whether to continue
sessions.range((key: string) => void key);

// The context of all of them is the same small interface.
void [wg.wait(ctx), wg.wait(context.background()), wg.wait(ending)];
