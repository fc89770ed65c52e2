/** The public interfaces: the specification of topics. */

import type { ReceiveChan } from "../chan/chan.ts";
import type { Context } from "../context/context.ts";
import type { DB, Tx } from "../sql/sql.ts";
import type { Codec } from "./carry.ts";
import type { Counts, Engine } from "./engine.ts";

/** What all processes that use a topic must agree on. */
export interface TopicOptions {
  /**
   * For how long a delivery is a worker's if nothing is heard of it, in milliseconds: 30 seconds unless this says
   * otherwise, at least 100, a day at most. It is extended by itself, as long as the event loop goes round.
   */
  readonly lease?: number;
  /**
   * How many messages of one key may be worked on at once, everywhere. With 1 they keep their order. Any number unless
   * this says otherwise. Only on engines that are `keyed`.
   */
  readonly perKey?: number;
  /** After how many attempts a message that fails is dead: 20 unless this says otherwise. */
  readonly maxAttempts?: number;
  /**
   * How long to wait before the next attempt, in milliseconds, after so many. Unless this says otherwise a second, which
   * doubles up to an hour, with a quarter more or less at random.
   */
  readonly backoff?: (attempt: number) => number;
  /**
   * How many bytes of JSON a value may have: 1 MiB unless this says otherwise. On JetStream 16,711,680 at most, and never
   * more than the server's `max_payload` less 64 KiB.
   */
  readonly maxSize?: number;
  /** For how long dead messages are kept, in milliseconds: for ever unless this says otherwise. */
  readonly keepDead?: number;
}

/** How to send a message. */
export interface SendOptions {
  /**
   * The identity of the message among those that are not settled: sending it again does nothing. Up to 255 characters; a new
   * one unless this says otherwise.
   */
  readonly id?: string;
  /** What messages are alike that `perKey` counts. Up to 255 characters. */
  readonly key?: string;
  /** How long to wait before it may be received, in milliseconds: a hundred years at most. */
  readonly delay?: number;
  /** Whether the deadline of the context goes with it: what has not begun by then is dead, what has is told. */
  readonly deadline?: boolean;
  /** Whether the message is canceled when the context ends while this process lives. */
  readonly inheritCancel?: boolean;
  /** Sends within this transaction: with its commit, or not at all. Only on engines that have `transactions`. */
  readonly tx?: Tx;
}

/** What became of a message that was sent. */
export interface Sent {
  /** Its identity. */
  readonly id: string;
  /** Whether one of this identity was there already, so that nothing was sent. */
  readonly duplicate: boolean;
}

/** How to receive. */
export interface ReceiverOptions {
  /** How many deliveries may be out at once: received and not settled. 1 unless this says otherwise. */
  readonly concurrency?: number;
  /** The deadline of one attempt, in milliseconds. None unless this says otherwise. */
  readonly timeout?: number;
  /** For how long deliveries may go on when the receiver's context has ended, in milliseconds: 25 seconds unless … */
  readonly grace?: number;
}

/**
 * A message that this process has to settle: by one of `ack`, `nack` and `reject`, or by leaving its `await using` block.
 * Go's counterpart is `amqp091.Delivery`.
 */
export interface Delivery<out T> extends AsyncDisposable {
  readonly value: T;
  /** The identity of the message. */
  readonly id: string;
  readonly key: string | undefined;
  /** Which attempt this is, from 1. Those that were given back do not count. */
  readonly attempt: number;
  readonly sentAt: Date;
  /**
   * The context of this attempt. It ends when the delivery is settled, and before that with one of these causes:
   * {@link LeaseLost}, {@link JobCanceled}, {@link Stopping}, and `context.deadlineExceeded` for the timeout of the attempt
   * and the sender's deadline. It does not end with the receiver's context. It carries what `OpenOptions.codecs` says.
   */
  readonly ctx: Context;
  /** Whether one of the methods below has been called. */
  readonly settled: boolean;

  /**
   * Removes the message for good; waits until that is safe. With a transaction of the same database it is removed with its
   * commit: what was done in the transaction is done exactly once. It is allowed on a delivery that was canceled: the work
   * is done.
   *
   * @throws LeaseLost `topic: the lease of "…" is lost`: somebody else does it, and the transaction cannot commit it
   * @throws an error that is {@link errSettled} to `errors.is`
   * @throws Error `topic: … has no transactions`, {@link errClosed}
   *
   * @example
   * ```ts
   * await using d = await mustReceive(thumbnails.receiver(ctx));
   * await resize(d.ctx, d.value);
   * await d.ack();
   * ```
   */
  ack(tx?: Tx): Promise<void>;

  /**
   * Gives the message back: it is delivered again after `delay`, or after the topic's `backoff`; after `maxAttempts` it is
   * dead, as it is at once if it was canceled. If its context has ended because of {@link Stopping}, the attempt does not
   * count. Does nothing if the lease is lost.
   *
   * @param error What went wrong, for `Topic.dead`.
   * @throws an error that is {@link errSettled} to `errors.is`
   *
   * @example
   * ```ts
   * await d.nack(5 * time.second, new Error("the disk is full"));
   * ```
   */
  nack(delay?: number, error?: unknown): Promise<void>;

  /**
   * Makes it a dead message at once, which is kept for `Topic.dead` and `Topic.redrive`.
   *
   * @throws LeaseLost, and as `nack`
   *
   * @example
   * ```ts
   * await d.reject("it is no image");
   * ```
   */
  reject(reason: string): Promise<void>;

  /**
   * Extends the lease now, and finds out whether the message was canceled. Leases are extended by themselves; this is for
   * those who are about to keep the event loop busy.
   *
   * @throws LeaseLost
   *
   * @example
   * ```ts
   * await d.extend();
   * parseSlowly(d.value);
   * ```
   */
  extend(): Promise<void>;
}

/** A dead message: one that was rejected, canceled, has expired, or has failed too often. */
export interface Dead<out T> {
  readonly id: string;
  readonly key: string | undefined;
  /** What was sent; the text itself, if somebody else has sent what is no JSON. */
  readonly value: T;
  /** How many attempts there were. */
  readonly attempt: number;
  /** Why it is dead: `canceled: …`, `attempts exhausted`, `expired`, or what was said to `reject`. */
  readonly reason: string;
  /** What the last attempt failed with. */
  readonly error: string | undefined;
  readonly sentAt: Date;
  readonly deadAt: Date;
}

/** How a topic stands, see {@link Topic.inspect}. */
export type Inspection = Counts;

/**
 * Messages on their way from senders to workers, in all processes. At least once: a message is delivered again until it is
 * settled. It is no channel: sending can fail, and deliveries must be settled. Go's counterparts are river's `Client` and
 * asynq's.
 */
export interface Topic<in out T> {
  readonly name: string;

  /**
   * Sends a message; waits until the engine has it safely. The end of `ctx` ends the waiting, not the message: it is
   * neither canceled with it nor has it its deadline, unless the options say so.
   *
   * @throws `ctx.err()` if that has ended before
   * @throws UnknownOutcomeError `topic: it is unknown whether "…" was sent` if the answer was lost, or `ctx` ended before it
   * @throws TypeError `topic: the value must be JSON: …`, also for what JSON would change in silence (NaN, a Map, an Error, …), RangeError `topic: the value has … bytes of JSON, more than the
   * maxSize … of "…"`, RangeError `topic: the id must have 1 to 255 characters, got …`
   * @throws Error `topic: … has no transactions`, {@link errClosed}, and what the engine says
   *
   * @example
   * ```ts
   * const { id, duplicate } = await thumbnails.send(ctx, job, { id: "export-42", delay: 5 * time.second });
   * ```
   */
  send(ctx: Context, value: T, options?: SendOptions): Promise<Sent>;

  /**
   * Sends many messages, within a transaction perhaps; without one they may be there one after the other.
   *
   * @throws as `send`; then some may have been sent
   *
   * @example
   * ```ts
   * await thumbnails.sendAll(ctx, [[job, { key: "a" }], [job]]);
   * ```
   */
  sendAll(ctx: Context, messages: readonly (readonly [value: T, options?: SendOptions])[], tx?: Tx): Promise<Sent[]>;

  /**
   * Receives messages: an unbuffered channel of deliveries, for `for await`, `select` and any number of goroutines. It asks
   * the engine only while somebody waits for a delivery and fewer than `concurrency` are out. When `ctx` ends it closes;
   * deliveries that are out go on, with leases that are extended, for as long as `grace`.
   *
   * @throws RangeError `topic: concurrency must be an integer of at least 1, got …`, {@link errClosed}
   *
   * @example
   * ```ts
   * for await (const d of thumbnails.receiver(ctx, { concurrency: 8 })) {
   *   await using _ = d; // given back unless it is acknowledged
   *   await resize(d.ctx, d.value);
   *   await d.ack();
   * }
   * ```
   */
  receiver(ctx: Context, options?: ReceiverOptions): ReceiveChan<Delivery<T>>;

  /**
   * Calls `f` for each message, up to `concurrency` at once: a delivery is acknowledged when `f` returns, and given back with
   * the error when it throws, unless `f` has settled it. Returns when `ctx` has ended and nothing is out any more. Go's
   * counterpart is `pubsub.Subscription.Receive`.
   *
   * @throws as `receiver`
   *
   * @example
   * ```ts
   * await thumbnails.handle(ctx, { concurrency: 8 }, async (ctx, job) => {
   *   await resize(ctx, job);
   * });
   * ```
   */
  handle(
    ctx: Context,
    options: ReceiverOptions,
    f: (ctx: Context, value: T, delivery: Delivery<T>) => unknown,
  ): Promise<void>;

  /**
   * As `handle`, with a transaction of `db` around `f` in which the message is acknowledged: what `f` does in it is done
   * exactly once. Only on engines that have `transactions`; `db` must be the database of the topic. When `db` is closed it takes
   * no more messages, gives back what it has, and throws.
   *
   * @throws as `receiver`; TypeError `topic: handleTx takes a database of gocsp/sql, got …`, and `sql: database is closed`
   *
   * @example
   * ```ts
   * await thumbnails.handleTx(ctx, { concurrency: 8 }, db, async (ctx, tx, job) => {
   *   await tx.execContext(ctx, "UPDATE account SET balance = balance + 1 WHERE id = $1", job.id);
   * });
   * ```
   */
  handleTx(
    ctx: Context,
    options: ReceiverOptions,
    db: DB,
    f: (ctx: Context, tx: Tx, value: T, delivery: Delivery<T>) => unknown,
  ): Promise<void>;

  /**
   * Cancels a message, wherever it is: one that waits is dead at once, the context of one that is being worked on ends with
   * {@link JobCanceled}, in whatever process that is. Tells whether there was one.
   *
   * @example
   * ```ts
   * await thumbnails.cancel(ctx, "export-42", "the user closed the tab");
   * ```
   */
  cancel(ctx: Context, id: string, reason?: string): Promise<boolean>;

  /**
   * Waits until all receivers of this topic that were made here have ended and nothing of them is out.
   *
   * @throws `ctx.err()` if that ends before
   *
   * @example
   * ```ts
   * await thumbnails.wait(ctx);
   * ```
   */
  wait(ctx: Context): Promise<void>;

  /**
   * Sends a message again and again, once in the whole fleet: every so many milliseconds, or by a cron expression of five
   * fields in UTC, as `"30 4 * * 1-5"`. Times at which nobody receives are not made up for. The same name replaces what was
   * there. Without a context it takes `context.background()`.
   *
   * @throws TypeError `topic: the schedule must be a cron expression of five fields, or a number of milliseconds, got …`
   * @throws RangeError `topic: the period of a schedule must be at least 1000 milliseconds, got …`
   *
   * @example
   * ```ts
   * await thumbnails.schedule(ctx, "nightly", "30 4 * * *", job);
   * await thumbnails.schedule(ctx, "often", 10 * time.minute, job);
   * ```
   */
  schedule(ctx: Context, name: string, when: number | string, value: T): Promise<void>;
  schedule(name: string, when: number | string, value: T): Promise<void>;

  /**
   * Removes a schedule; tells whether there was one.
   *
   * @example
   * ```ts
   * await thumbnails.unschedule(ctx, "nightly");
   * ```
   */
  unschedule(ctx: Context, name: string): Promise<boolean>;

  /**
   * Counts what is there.
   *
   * @example
   * ```ts
   * const { ready, oldestReady, dead } = await thumbnails.inspect(ctx);
   * ```
   */
  inspect(ctx: Context): Promise<Inspection>;

  /**
   * Reads the dead, the latest first.
   *
   * @example
   * ```ts
   * for await (const { id, reason, error } of thumbnails.dead(ctx)) console.log(id, reason, error);
   * ```
   */
  dead(ctx: Context): AsyncIterable<Dead<T>>;

  /**
   * Sends dead messages again as if they were new: the one with this id, or all. Returns how many.
   *
   * @example
   * ```ts
   * await thumbnails.redrive(ctx, "export-42");
   * ```
   */
  redrive(ctx: Context, id?: string): Promise<number>;

  /**
   * Removes the dead, or what waits, for good; what is being worked on stays. Returns how many.
   *
   * @example
   * ```ts
   * await thumbnails.purge(ctx, "dead");
   * ```
   */
  purge(ctx: Context, what: "dead" | "waiting"): Promise<number>;
}

/** How to open a broker. */
export interface OpenOptions {
  /** The values of contexts that go with messages, besides the trace. */
  readonly codecs?: readonly Codec[];
  /** Is told what went wrong where no caller waits. Writes to standard error unless this says otherwise. */
  readonly onError?: (what: string, error: unknown) => void;
}

/** The topics of one engine, in one process. Made by {@link open}. */
export interface Broker extends AsyncDisposable {
  readonly engine: Engine;

  /**
   * Returns a topic, the same object for the same name.
   *
   * @throws RangeError `topic: the name must have 1 to 100 letters, digits, "_", "-" or ".", got …`, `topic: lease must be
   * …`, Error `topic: … has other options here already`, `topic: … has no order by key: perKey cannot be kept`
   *
   * @example
   * ```ts
   * const thumbnails = broker.topic<Job>("thumbnails", { lease: 30 * time.second, perKey: 1, maxAttempts: 5 });
   * ```
   */
  topic<T>(name: string, options?: TopicOptions): Topic<T>;

  /**
   * Ends all receivers as if their contexts had ended, waits until nothing is out, and closes the broker. Go's counterpart is
   * `http.Server.Shutdown`.
   *
   * @throws `ctx.err()` if that ends before; then what is out gets {@link Stopping}, and the broker is closed as well
   *
   * @example
   * ```ts
   * await broker.shutdown(ctx);
   * ```
   */
  shutdown(ctx: Context): Promise<void>;

  /**
   * Ends everything now: receivers, and the contexts of what is out with {@link Stopping}. Messages that were not settled are
   * delivered again. Closing again does nothing.
   *
   * @example
   * ```ts
   * await broker.close();
   * ```
   */
  close(): Promise<void>;
}
