import { background, type CancelCauseFunc, canceled, cause, type Context } from "../context/context.ts";
import type { DeliveryMessage } from "../diagnostics/messages.ts";
import { Tracing } from "../diagnostics/tracing.ts";
import type { Tx } from "../sql/sql.ts";
import { describe } from "../runtime/arguments.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { afterTx } from "../sql/tx.ts";
import type { Claim, Session, Settings } from "./engine.ts";
import { errClosed, errSettled, JobCanceled, LeaseLost, Stopping } from "./errors.ts";
import type { Delivery } from "./types.ts";

/** Where deliveries are published for those who trace. */
const deliveries: Tracing<DeliveryMessage> = new Tracing("topic.deliver");

/** What a delivery needs of who has made it. */
export interface Home {
  readonly settings: Settings;
  readonly session: Session;
  readonly backoff: (attempt: number) => number;
  readonly engineName: string;
  readonly transactions: boolean;
  readonly closed: boolean;
  failed(what: string, error: unknown): void;
}

/**
 * A message in the hands of this process.
 *
 * It is `open` until somebody settles it, and then `settling` until the engine has answered. After `ack(tx)` it is `pending`
 * until the transaction has ended, which may bring it back to `open`.
 */
export class OneDelivery<T> implements Delivery<T> {
  readonly value: T;
  readonly id: string;
  readonly key: string | undefined;
  readonly attempt: number;
  readonly sentAt: Date;
  readonly ctx: Context;
  readonly claim: Claim;
  /** Until when the lease holds for certain, on our own clock. */
  expires: number;
  state: "open" | "pending" | "settling" | "settled" = "open";
  /** What was called first. */
  #how = "";
  readonly #home: Home;
  readonly #end: CancelCauseFunc;
  /** Tells the receiver: "settling" frees a place, "over" ends all. */
  readonly #tell: (what: "settling" | "over") => void;
  #isTold = false;
  /** When the sender's deadline is, on our own clock. */
  readonly #deadline: number;
  readonly #now: () => number;
  /** What is published of it, if somebody traced deliveries when it was made. */
  readonly #message: DeliveryMessage | undefined;

  constructor(
    home: Home,
    claim: Claim,
    value: T,
    ctx: Context,
    end: CancelCauseFunc,
    expires: number,
    now: () => number,
    tell: (what: "settling" | "over") => void,
  ) {
    this.#home = home;
    this.claim = claim;
    this.value = value;
    this.id = claim.id;
    this.key = claim.key;
    this.attempt = claim.attempt;
    this.sentAt = claim.sentAt;
    this.ctx = ctx;
    this.#end = end;
    this.expires = expires;
    this.#now = now;
    this.#deadline = claim.left === undefined ? Infinity : now() + claim.left;
    this.#tell = tell;
    if (!deliveries.wanted) return;
    this.#message = { topic: home.settings.name, id: claim.id, attempt: claim.attempt, ctx, outcome: undefined };
    deliveries.begin(this.#message, () => undefined);
  }

  get settled(): boolean {
    return this.state !== "open";
  }

  /** Ends the context, unless it has ended. */
  end(reason: Error): void {
    this.#end(reason);
  }

  async ack(tx?: Tx): Promise<void> {
    this.#begin("ack");
    const { session, settings, transactions, engineName } = this.#home;
    if (tx !== undefined) {
      if (!transactions) {
        this.#reopen();
        throw new Error(`topic: ${engineName} has no transactions: ack(tx) cannot be kept`);
      }
      return this.#ackWithin(tx);
    }
    this.#settling();
    try {
      if (this.#isLost() || !(await session.ack(settings, this.claim))) throw this.#lost();
    } finally {
      this.#over();
    }
  }

  async #ackWithin(tx: Tx): Promise<void> {
    const { session, settings } = this.#home;
    let isOurs: boolean;
    try {
      if (this.#isLost()) throw this.#lost();
      isOurs = await session.ack(settings, this.claim, tx, this.ctx);
    } catch (error) {
      this.#reopen();
      throw error;
    }
    if (!isOurs) {
      // Before it is over, which ends the context as well.
      const lost = this.#lost();
      this.#over();
      throw lost;
    }
    this.state = "pending";
    afterTx(tx, (outcome) => {
      if (this.state !== "pending") return;
      if (outcome === "committed") this.#over();
      // What a lost answer to the commit meant is found out when the block ends.
      else if (outcome === "rolled back") this.#reopen();
    });
  }

  async nack(delay?: number, error?: unknown): Promise<void> {
    this.#begin("nack");
    try {
      if (delay !== undefined) checkDelay(delay);
    } catch (error) {
      this.#reopen();
      throw error;
    }
    this.#settling();
    this.#fail(error);
    try {
      await this.#giveUp(delay, told(error));
    } finally {
      this.#over();
    }
  }

  async #giveUp(delay: number | undefined, error: string | undefined): Promise<void> {
    const { session, settings, backoff } = this.#home;
    const why = cause(this.ctx);
    if (why instanceof LeaseLost || this.#isLost()) return;
    if (why instanceof JobCanceled) return void (await session.bury(settings, this.claim, why.message.slice(7), error));
    if (why instanceof Stopping) return session.giveBack(settings, this.claim);
    if (this.#now() >= this.#deadline) return void (await session.bury(settings, this.claim, "expired", error));
    if (this.attempt >= settings.maxAttempts) {
      return void (await session.bury(settings, this.claim, "attempts exhausted", error));
    }
    let wait = delay ?? 0;
    if (delay === undefined) {
      try {
        wait = backoff(this.attempt);
        if (!(wait >= 0 && wait <= longestDelay)) throw new RangeError(`backoff returned ${describe(wait)}`);
      } catch (error) {
        this.#home.failed("backoff", error);
        wait = 1000;
      }
    }
    await session.retry(settings, this.claim, wait, error);
  }

  async reject(reason: string): Promise<void> {
    this.#begin("reject");
    if (typeof reason !== "string") {
      this.#reopen();
      throw new TypeError(`topic: the reason must be a string, got ${describe(reason)}`);
    }
    this.#settling();
    try {
      const { session, settings } = this.#home;
      if (
        this.#isLost() ||
        !(await session.bury(settings, this.claim, told(reason.slice(0, 500)) as string, undefined))
      ) {
        throw this.#lost();
      }
    } finally {
      this.#over();
    }
  }

  /** Gives back what was not worked on: the attempt does not count. */
  async giveBack(): Promise<void> {
    this.#begin("giveBack");
    this.#settling();
    try {
      if (!this.#isLost()) await this.#home.session.giveBack(this.#home.settings, this.claim);
    } finally {
      this.#over();
    }
  }

  async extend(): Promise<void> {
    if (this.#home.closed) throw errClosed;
    if (this.state !== "open") throw this.#settled();
    const start = this.#now();
    const { session, settings } = this.#home;
    const [standing] = await session.extend(settings, [this.claim]);
    this.stands(standing, start);
    if (standing === "lost") throw this.#lost();
  }

  /** Takes note of what the engine said to an extension that was asked for at `start`. */
  stands(standing: Awaited<ReturnType<Session["extend"]>>[number] | undefined, start: number): void {
    if (standing === "lost") {
      // What is being acknowledged may be gone already.
      if (this.state === "open") this.end(new LeaseLost(this.id));
    } else if (standing !== undefined) {
      this.expires = start + this.#home.settings.lease;
      if (standing !== "held") this.end(new JobCanceled(standing.canceled));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.state === "pending") {
        // Its transaction was rolled back, or it is unknown what became of it.
        if (await this.#home.session.holds(this.#home.settings, this.claim)) this.#reopen();
        else this.#over();
      }
      if (this.state === "open") await this.nack(undefined, "the delivery was not settled");
    } catch (error) {
      if (error !== errClosed) this.#home.failed("nack", error);
    }
  }

  /** Forgets about it: the broker is closed. */
  abandon(): void {
    this.end(new Stopping());
    this.#how ||= "close";
    this.#settling();
    this.#over();
  }

  #begin(how: string): void {
    if (this.#home.closed) throw errClosed;
    if (this.state !== "open") throw this.#settled();
    this.state = "settling";
    this.#how = how;
  }

  #reopen(): void {
    this.state = "open";
    this.#how = "";
  }

  #settling(): void {
    this.state = "settling";
    if (this.#isTold) return;
    this.#isTold = true;
    this.#tell("settling");
  }

  #over(): void {
    if (this.state === "settled") return;
    this.#settling();
    this.state = "settled";
    if (this.#message !== undefined) {
      this.#message.outcome = this.#how;
      // What has ended it before it was settled: the lease, a cancel, the worker's stop.
      this.#fail(cause(this.ctx));
      deliveries.settle(this.#message, undefined);
    }
    this.end(canceled);
    this.#tell("over");
  }

  #fail(error: unknown): void {
    if (this.#message !== undefined && error !== undefined) deliveries.fail(this.#message, error);
  }

  #settled(): Error {
    return new Error(`topic: the delivery of ${describe(this.id)} is settled already: ${this.#how} was called`, {
      cause: errSettled,
    });
  }

  /** Whether our own clock, or the engine, has said that somebody else may have it. */
  #isLost(): boolean {
    return this.#now() > this.expires || cause(this.ctx) instanceof LeaseLost;
  }

  #lost(): LeaseLost {
    const lost = new LeaseLost(this.id);
    this.end(lost);
    return lost;
  }

  static {
    refuseUnbound(this);
  }
}

/** The longest delay, in milliseconds: a hundred years, which every engine can write down. */
const longestDelay = 36_525 * 86_400_000;

/** Throws unless something can be waited for. */
export function checkDelay(delay: number): void {
  if (!(Number.isFinite(delay) && delay >= 0)) {
    throw new RangeError(`topic: the delay must be a number of milliseconds of at least 0, got ${describe(delay)}`);
  }
  if (delay > longestDelay) {
    throw new RangeError(`topic: the delay must be a hundred years at most, got ${describe(delay)} milliseconds`);
  }
}

/** What is kept of an error. */
export function told(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return text
    .slice(0, 4000)
    .replace(/[\ud800-\udfff]/gu, "\uFFFD")
    .replaceAll("\0", "\uFFFD");
}

export const bg: Context = background();
