import { type Channel, makeChannel } from "../chan/channel.ts";
import { type Chan, chan } from "../chan/chan.ts";
import { type Context, withCancel, withCancelCause, withTimeout } from "../context/context.ts";
import { currentQueue } from "../runtime/clock.ts";
import { go } from "../runtime/goroutine.ts";
import { select, send } from "../select/select.ts";
import { after } from "../time/time.ts";
import { contextOf } from "./carry.ts";
import { bg, OneDelivery } from "./delivery.ts";
import type { Claim, Claims } from "./engine.ts";
import { errClosed, Stopping } from "./errors.ts";
import type { OneTopic } from "./queue.ts";
import type { Delivery } from "./types.ts";

/** How long a delivery is offered before it is given back, in milliseconds: who takes more at once than one comes back sooner. */
const soon = 20;
/** The same for those who are certain to come, and where an attempt that was given back counts: there nobody gets more than one. */
const patience = 5000;
/** After how many deliveries in a row that were taken soon more are claimed at once, at most. */
const mostProof = 1024;

/** Where our own clock stands: it only moves forward. */
export function clock(): number {
  return currentQueue().now();
}

/**
 * Claims messages while somebody waits for them, and offers them on a channel without a buffer.
 *
 * What is claimed and not received would be nobody's work for as long as its lease: hence it claims only while a goroutine is
 * parked on the channel, as many as are parked or, if they come back at once as a loop does that starts goroutines, more, up to
 * the places that there are; and what nobody takes it gives back at once.
 */
export class Receiver<T> {
  readonly out: Channel<Delivery<T>>;
  /** Closed when it has ended and nothing of it is out. */
  readonly finished: Chan<never> = chan<never>();
  readonly #topic: OneTopic<T>;
  readonly #ctx: Context;
  readonly #cancel: () => void;
  readonly #concurrency: number;
  readonly #timeout: number;
  readonly #grace: number;
  /** Whether whoever receives comes back at once, always. */
  readonly #isPrompt: boolean;
  /** How many are claimed at once, if fewer are parked. */
  #batch: number;
  /** How many came back at once in a row, and how many have to before more are claimed. */
  #came = 0;
  #proof = 1;
  /** When the last delivery was taken. */
  #takenAt = -Infinity;
  /** Signals that last until they are seen. */
  readonly #demand = chan<void>(1);
  readonly #wake = chan<void>(1);
  readonly #freed = chan<void>(1);
  #isWatched = false;
  /** How many are out whose settlement has not begun. */
  #working = 0;
  /** How many are not over. */
  #held = 0;
  readonly #deliveries = new Set<OneDelivery<T>>();
  #isStopped = false;

  constructor(
    topic: OneTopic<T>,
    ctx: Context,
    concurrency: number,
    timeout: number,
    grace: number,
    isPrompt: boolean,
  ) {
    this.#topic = topic;
    this.#isPrompt = isPrompt;
    this.#batch = isPrompt ? concurrency : 1;
    this.#concurrency = concurrency;
    this.#timeout = timeout;
    this.#grace = grace;
    [this.#ctx, this.#cancel] = withCancel(ctx);
    this.out = makeChannel<Delivery<T>>(0, {
      poll: () => undefined,
      watch: () => {
        this.#isWatched = true;
        this.#comes();
        this.#demand.trySend();
      },
      unwatch: () => void (this.#isWatched = false),
    });
    go(() => this.#run());
  }

  /** Claims no more: as if its context had ended. */
  stop(): void {
    this.#cancel();
  }

  /** Has it claim; tells whether it is about to, and does not wait for a place or for somebody to take what there is. */
  wake(): boolean {
    this.#wake.trySend();
    return this.#isWatched && this.#room() > 0 && this.#ctx.err() === undefined;
  }

  /** How many may be claimed: places are free as soon as settlements begin; but those that take long must not pile up. */
  #room(): number {
    return Math.min(this.#concurrency - this.#working, 2 * this.#concurrency - this.#held);
  }

  /** How many goroutines are parked on the channel, as far as it matters. */
  #parked(most: number): number {
    const first = this.out.queues()[0]?.[0]?.first;
    let n = 0;
    for (let w = first; w !== undefined && n < most; w = w.next === first ? undefined : w.next) n++;
    return n;
  }

  /** Somebody receives: if that is soon after the last time, again and again, more may be claimed at once. */
  #comes(): void {
    if (!this.#topic.givesBackFree) return;
    if (clock() - this.#takenAt > soon) this.#came = 0;
    else if (++this.#came >= this.#proof) {
      this.#came = 0;
      this.#batch = Math.min(2 * this.#batch, this.#concurrency);
    }
  }

  /** Nobody has come for what was claimed: until that is forgotten, no more than are parked. */
  #failsToCome(): void {
    this.#came = 0;
    this.#batch = 1;
    this.#proof = Math.min(2 * this.#proof, mostProof);
  }

  async #run(): Promise<void> {
    await this.#claimAll();
    this.#isStopped = true;
    this.#cancel();
    this.out.close();
    if (this.#held > 0) {
      const op = await select({ finished: this.finished, late: after(this.#grace) });
      if (op.case === "late") for (const d of this.#deliveries) d.end(new Stopping());
    } else {
      this.#finish();
    }
  }

  async #claimAll(): Promise<void> {
    const ctx = this.#ctx;
    const topic = this.#topic;
    let pause = 100;
    while (ctx.err() === undefined) {
      const room = this.#room();
      if (room <= 0) {
        await select({ freed: this.#freed, done: ctx.done() });
        continue;
      }
      if (!this.#isWatched) {
        await select({ demand: this.#demand, done: ctx.done() });
        continue;
      }
      // Before the claim: what comes during it is not forgotten.
      this.#wake.tryReceive();
      const start = clock();
      const n = Math.min(room, Math.max(this.#parked(room), this.#batch));
      let got: Claims;
      try {
        await topic.ready();
        if (topic.refuses !== undefined) throw topic.refuses;
        got = await topic.session.claim(topic.settings, n, ctx);
        pause = 100;
      } catch (error) {
        if (error === errClosed) return;
        topic.failed("claim", error);
        await select({ again: after(pause), done: ctx.done() });
        pause = Math.min(2 * pause, 2000);
        continue;
      }
      const { claims, due } = got;
      const dueAt = due === undefined ? undefined : clock() + due;
      if (claims.length > 0) await this.#offerAll(claims, start);
      if (claims.length > 0 && dueAt === undefined) continue;
      const more = dueAt === undefined ? undefined : after(Math.max(dueAt - clock(), 1));
      await select({ wake: this.#wake, more, done: ctx.done() });
    }
  }

  async #offerAll(claims: readonly Claim[], start: number): Promise<void> {
    const deliveries = claims.map((claim) => this.#deliver(claim, start)).filter((d) => d !== undefined);
    for (const [i, d] of deliveries.entries()) {
      if (d.ctx.err() !== undefined) {
        await d[Symbol.asyncDispose]();
        continue;
      }
      const from = clock();
      const op = await select({
        sent: send(this.out as Chan<Delivery<T>>, d),
        gone: d.ctx.done(),
        late: after(this.#isPrompt || !this.#topic.givesBackFree ? patience : soon),
        done: this.#ctx.done(),
      });
      if (op.case === "sent") {
        this.#takenAt = clock();
        if (this.#takenAt > from) this.#comes();
        continue;
      }
      if (op.case !== "late") {
        await this.#giveBack(d);
        continue;
      }
      this.#failsToCome();
      await Promise.all(deliveries.slice(i).map((d) => this.#giveBack(d)));
      return;
    }
  }

  async #giveBack(d: OneDelivery<T>): Promise<void> {
    await d.giveBack().catch((error: unknown) => error === errClosed || this.#topic.failed("give back", error));
  }

  /** Makes the delivery; undefined if there is none to make. */
  #deliver(claim: Claim, start: number): OneDelivery<T> | undefined {
    const topic = this.#topic;
    let value: T;
    try {
      if (claim.left !== undefined && claim.left <= 0) throw new Error("expired");
      if (claim.attempt > topic.settings.maxAttempts) throw new Error("attempts exhausted");
      value = JSON.parse(claim.value) as T;
    } catch (error) {
      const reason = error instanceof SyntaxError ? "the value is no JSON" : (error as Error).message;
      const buried = topic.session.bury(topic.settings, claim, reason, undefined);
      buried.catch((error: unknown) => error === errClosed || topic.failed("bury", error));
      return undefined;
    }
    const carried = contextOf(bg, claim.headers, claim.attempt, topic.codecs, (what, error) =>
      topic.failed(what, error),
    );
    const [own, end] = withCancelCause(carried);
    const left = Math.min(claim.left ?? Infinity, this.#timeout);
    const [ctx, stopTimer] = left === Infinity ? [own, undefined] : withTimeout(own, left);
    const d: OneDelivery<T> = new OneDelivery(
      topic,
      claim,
      value,
      ctx,
      end,
      start + topic.settings.lease,
      clock,
      (what) => {
        if (what === "settling") {
          this.#working--;
        } else {
          stopTimer?.();
          this.#held--;
          this.#deliveries.delete(d);
          topic.leave(d);
          if (this.#isStopped && this.#held === 0) this.#finish();
          // The next of its key is ready now, and there may be a place for it.
          if (claim.key !== undefined && topic.settings.perKey > 0) topic.settled();
        }
        this.#freed.trySend();
      },
    );
    this.#working++;
    this.#held++;
    this.#deliveries.add(d);
    topic.enter(d);
    return d;
  }

  #finish(): void {
    if (!this.#topic.forget(this)) return;
    this.finished.close();
  }
}
