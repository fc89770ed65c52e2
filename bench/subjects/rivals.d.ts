// The parts of the rivals' types that the subjects use. Their packages are installed only where the benchmark runs, and
// some declare types that a strict compiler cannot read.

declare module "ts-chan" {
  export class Chan<T> implements AsyncIterable<T> {
    constructor(capacity?: number);
    send(value: T): Promise<void>;
    trySend(value: T): boolean;
    recv(): Promise<{ value: T | undefined; done?: boolean }>;
    tryRecv(): { value: T | undefined; done?: boolean } | undefined;
    close(): void;
    [Symbol.asyncIterator](): AsyncIterator<T>;
  }
  interface Case<T> {
    readonly type: string;
    readonly element?: T;
  }
  export function recv<T>(from: Chan<T>): Case<T>;
  export class Select<C extends readonly Case<unknown>[]> {
    constructor(cases: C);
    readonly cases: C;
    wait(): Promise<number>;
    recv<T>(from: Case<T>): { value: T | undefined; done?: boolean };
  }
}

declare module "@thi.ng/csp" {
  export class Channel<T> {
    read(): Promise<T | undefined>;
    poll(): T | undefined;
    write(message: T): Promise<boolean>;
    offer(message: T): boolean;
    close(): void;
  }
  export function channel<T>(capacity?: number): Channel<T>;
  export function select<T>(...inputs: Channel<T>[]): Promise<[T | undefined, Channel<T>]>;
}

declare module "@king011/easyts/lib/es2022/mod.js" {
  interface Case<T> {
    read(): T | undefined;
  }
  class Chan<T> {
    constructor(capacity?: number);
    read(): T | undefined | Promise<T | undefined>;
    write(value: T): boolean | Promise<boolean>;
    tryWrite(value: T): boolean;
    readCase(): Case<T>;
    close(): boolean;
  }
  const easyts: {
    Chan: typeof Chan;
    selectChan<T>(...cases: Case<T>[]): Case<T> | Promise<Case<T>>;
  };
  export default easyts;
  export type { Chan };
}

declare module "effect" {
  export namespace Effect {
    interface Effect<A> {
      [Symbol.iterator](): Iterator<Effect<unknown>, A, unknown>;
    }
    const yieldNow: Effect<void>;
    function gen<A>(body: () => Generator<Effect<unknown>, A, never>): Effect<A>;
    function sync<A>(f: () => A): Effect<A>;
    function forkDetach<A>(effect: Effect<A>): Effect<Fiber.Fiber<A>>;
    function forkChild<A>(effect: Effect<A>): Effect<Fiber.Fiber<A>>;
    function all(effects: readonly Effect<unknown>[], options?: { concurrency?: "unbounded" }): Effect<unknown>;
    function die(defect: unknown): Effect<never>;
    function sleep(milliseconds: number): Effect<void>;
    function timeoutOption<A>(effect: Effect<A>, milliseconds: number): Effect<unknown>;
    function provide<A>(effect: Effect<A>, layer: object): Effect<A>;
    function raceFirst<A, B>(a: Effect<A>, b: Effect<B>): Effect<A | B>;
    function forEach<A, B>(
      items: Iterable<A>,
      f: (item: A) => Effect<B>,
      options?: { concurrency?: number | "unbounded"; discard?: boolean },
    ): Effect<void>;
    function runPromise<A>(effect: Effect<A>): Promise<A>;
  }
  export namespace Fiber {
    interface Fiber<A> {
      readonly result?: A;
      /** Undefined while it runs. */
      pollUnsafe(): unknown;
    }
    function join(fiber: Fiber<unknown>): Effect.Effect<unknown>;
    function joinAll(fibers: Iterable<Fiber<unknown>>): Effect.Effect<unknown>;
  }
  export namespace Queue {
    interface Queue<A> {
      readonly element?: A;
    }
    function bounded<A>(capacity: number): Effect.Effect<Queue<A>>;
    function offer<A>(queue: Queue<A>, value: A): Effect.Effect<boolean>;
    function offerUnsafe<A>(queue: Queue<A>, value: A): boolean;
    function take<A>(queue: Queue<A>): Effect.Effect<A>;
  }
  export namespace Semaphore {
    interface Semaphore {
      withPermits(n: number): <A>(effect: Effect.Effect<A>) => Effect.Effect<A>;
    }
    function makeUnsafe(permits: number): Semaphore;
  }
}

declare module "effect/testing" {
  import type { Effect } from "effect";

  export namespace TestClock {
    function layer(): object;
    function adjust(duration: number | string): Effect.Effect<void>;
  }
}

declare module "effection" {
  export interface Operation<T> {
    [Symbol.iterator](): Iterator<unknown, T, unknown>;
  }
  interface Queue<T> {
    add(value: T): void;
    next(): Operation<{ value: T }>;
  }
  export function run<T>(body: () => Generator<unknown, T, never>): Promise<T>;
  export function spawn<T>(body: () => Generator<unknown, T, never>): Operation<Operation<T>>;
  export function createQueue<T, R>(): Queue<T>;
  export function race<T>(operations: readonly Operation<T>[]): Operation<T>;
}

declare module "p-limit" {
  export default function pLimit(concurrency: number): <T>(f: () => Promise<T>) => Promise<T>;
}

declare module "p-queue" {
  export default class PQueue {
    constructor(options: { concurrency: number });
    add<T>(f: () => Promise<T>): Promise<T>;
  }
}
