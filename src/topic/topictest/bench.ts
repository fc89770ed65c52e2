/** What checks are made of: brokers that are closed in the end, and steps that cannot hang. */

import type { ReceiveChan } from "../../chan/chan.ts";
import { background, type Context, deadlineExceeded, withCancel, withTimeout } from "../../context/context.ts";
import { is } from "../../errors/errors.ts";
import { describe } from "../../runtime/arguments.ts";
import { currentQueue } from "../../runtime/clock.ts";
import type { DB } from "../../sql/sql.ts";
import { sleep } from "../../time/time.ts";
import {
  type Broker,
  type Delivery,
  type Engine,
  type Inspection,
  open,
  type OpenOptions,
  type ReceiverOptions,
  type Topic,
  type TopicOptions,
} from "../topic.ts";
import type { Options } from "./topictest.ts";

/** A check as it is written. */
export interface Check {
  readonly name: string;
  readonly needs?: (options: Options) => boolean;
  readonly run: (bench: Bench) => Promise<void>;
}

const bg = background();
let last = 0;

/** Where one check works. */
export class Bench {
  readonly options: Options;
  readonly engine: Engine;
  readonly lease: number;
  readonly patience: number;
  readonly seed: number;
  /** Ends with the check. */
  readonly ctx: Context;
  readonly #name: string;
  readonly #brokers: Broker[] = [];

  private constructor(options: Options, engine: Engine, ctx: Context) {
    this.options = options;
    this.engine = engine;
    this.lease = options.lease ?? 1000;
    this.patience = options.patience ?? 20_000;
    this.seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    this.ctx = ctx;
    this.#name = `check_${Date.now().toString(36)}_${Math.floor(Math.random() * 2 ** 32).toString(36)}_${++last}`;
  }

  static check(options: Options): void {
    const engine = (options as Partial<Options> | null | undefined)?.engine;
    if (typeof engine !== "function") {
      throw new TypeError(`topictest: the option engine must be a function, got ${describe(engine)}`);
    }
  }

  static async run(options: Options, check: Check): Promise<void> {
    const [ctx, cancel] = withCancel(bg);
    const bench = new Bench(options, await options.engine(), ctx);
    try {
      await check.run(bench);
    } finally {
      cancel();
      await Promise.allSettled(bench.#brokers.map((broker) => bench.within("close()", broker.close())));
    }
  }

  /** Where the clock stands that counts: a virtual one perhaps. */
  now(): number {
    return currentQueue().now();
  }

  /** Opens a broker, which is closed with the check. */
  async open(options: OpenOptions = {}): Promise<Broker> {
    const broker = await this.within("open()", open(bg, this.engine, { onError: () => undefined, ...options }));
    this.#brokers.push(broker);
    return broker;
  }

  /** Returns the topic of this check. */
  topic<T>(broker: Broker, options: TopicOptions = {}, suffix = ""): Topic<T> {
    return broker.topic<T>(this.#name + suffix, { backoff: () => 0, ...options });
  }

  /** Opens a broker and returns the topic. */
  async start<T>(options: TopicOptions = {}): Promise<Topic<T>> {
    return this.topic<T>(await this.open(), options);
  }

  /** Returns a receiver that ends with the check, or when its second result is called. */
  receive<T>(topic: Topic<T>, options?: ReceiverOptions): [ReceiveChan<Delivery<T>>, () => void] {
    const [ctx, stop] = withCancel(this.ctx);
    return [topic.receiver(ctx, options), stop];
  }

  /** Receives a delivery; fails if there is none. */
  async next<T>(deliveries: ReceiveChan<Delivery<T>>, what = "a delivery"): Promise<Delivery<T>> {
    const [ctx, cancel] = withTimeout(bg, this.patience);
    using _ = cancel;
    try {
      const [d, ok] = await deliveries.receiveOk(ctx);
      if (!ok) throw new Error(`expected ${what}, but the receiver has ended`);
      return d;
    } catch (error) {
      if (!is(error, deadlineExceeded)) throw error;
      throw new Error(`${what} does not come: it hangs`, { cause: error });
    }
  }

  /** Waits until a context ends, and returns it. */
  async ended(ctx: Context, what: string): Promise<void> {
    const [until, cancel] = withTimeout(bg, this.patience);
    using _ = cancel;
    await ctx
      .done()
      .receiveOk(until)
      .catch((error: unknown) => {
        throw new Error(`the context does not end ${what}: it hangs`, { cause: error });
      });
  }

  /** Asks until something is so. */
  async until(what: string, f: () => boolean | Promise<boolean>): Promise<void> {
    const end = this.now() + this.patience;
    for (let pause = 1; !(await f()); pause = Math.min(pause * 2, 50)) {
      if (this.now() > end) throw new Error(`${what}: it hangs`);
      await sleep(pause);
    }
  }

  /** Settles as a promise does; fails if that hangs. */
  async within<R>(what: string, work: Promise<R>): Promise<R> {
    const [ctx, cancel] = withTimeout(bg, this.patience);
    using _ = cancel;
    let hasSettled = false;
    const settled = work.finally(() => void (hasSettled = true));
    await Promise.race([settled.catch(() => undefined), ctx.done().receiveOk()]);
    if (!hasSettled) throw new Error(`${what} hangs`);
    return settled;
  }

  /** Checks how many there are of each kind; those that are not named must be none. */
  async counts(
    topic: { inspect(ctx: Context): Promise<Inspection> },
    expected: Partial<Record<"waiting" | "running" | "dead", number>>,
  ): Promise<void> {
    const { waiting = 0, running = 0, dead = 0 } = expected;
    let got = "";
    const want = `${waiting} waiting, ${running} running, ${dead} dead`;
    // An engine may answer from what it knew a moment ago.
    try {
      await this.until("", async () => {
        const counts = await topic.inspect(bg);
        const { ready, delayed, behind } = counts;
        got = `${ready + delayed + behind} waiting, ${counts.running} running, ${counts.dead} dead`;
        return got === want;
      });
    } catch (error) {
      throw new Error(`expected ${want}, got ${got}`, { cause: error });
    }
  }

  async db(): Promise<DB> {
    const db = await this.options.db?.();
    if (db === undefined) throw new Error("topictest: the option db is missing: the engine has transactions");
    return db;
  }
}

/** Fails unless two things print the same. */
export function equal(got: unknown, want: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`);
}

/** Returns what a promise is rejected with; fails if it is not. */
export async function failure(work: Promise<unknown>, what: string): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error(`${what}: expected an error`);
}

/** Reads all. */
export async function list<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
