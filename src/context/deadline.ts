import { deadlineOf } from "../chan/context-like.ts";
import { Alarm, type AlarmQueue } from "../runtime/alarms.ts";
import { currentQueue } from "../runtime/clock.ts";
import { wrongDate } from "../runtime/arguments.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { checkDuration, formatDuration } from "../time/duration.ts";
import { cancelerOf, withCancel } from "./cancel.ts";
import { checkCause, checkParent } from "./check.ts";
import { deadlineExceeded } from "./errors.ts";
import { attach } from "./propagate.ts";
import { CancelContext, type Expiry } from "./tree.ts";
import type { CancelFunc, Context } from "./types.ts";
import { ValueContext } from "./value.ts";

/** The latest time that a Date can hold. */
const latest = 8.64e15;

/**
 * Derives a context that ends at `deadline` with `context deadline exceeded`, or earlier with the parent or when
 * `cancel` is called. Mirrors Go's `context.WithDeadline`. If the parent's deadline is earlier, that one stays. A
 * deadline in the past ends the context at once.
 *
 * It keeps the process alive only while something waits for the end: a parked goroutine, a function of
 * {@link afterFunc}, an AbortSignal.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.withDeadline: the deadline must be a valid Date, got …`, or `context.withDeadline: the
 * parent must be a Context, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withDeadline(parent, new Date(Date.now() + 50 * time.millisecond));
 * using _ = cancel;
 * ```
 */
export function withDeadline(parent: Context, deadline: Date): [ctx: Context, cancel: CancelFunc] {
  return deriveUntil("withDeadline", parent, deadline, undefined);
}

/**
 * Derives a context as {@link withDeadline} does, with the cause for the case that the deadline passes. Mirrors Go's
 * `context.WithDeadlineCause`.
 *
 * @throws As {@link withDeadline}, with `withDeadlineCause` in the text.
 * @throws TypeError `context: the cause must be an error, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withDeadlineCause(parent, closing, new Error("the shop is closed"));
 * ```
 */
export function withDeadlineCause(
  parent: Context,
  deadline: Date,
  cause: Error | undefined,
): [ctx: Context, cancel: CancelFunc] {
  return deriveUntil("withDeadlineCause", parent, deadline, cause);
}

/**
 * Derives a context that ends `timeout` milliseconds from now. Mirrors Go's `context.WithTimeout`: it is
 * {@link withDeadline} with that time. Zero or less ends it at once.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.withTimeout: the duration must be a number of milliseconds, got …`, or
 * `context.withTimeout: the parent must be a Context, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withTimeout(context.background(), 100 * time.millisecond);
 * using _ = cancel;
 * await slowOperation(ctx);
 * ```
 */
export function withTimeout(parent: Context, timeout: number): [ctx: Context, cancel: CancelFunc] {
  return deriveFor("withTimeout", parent, timeout, undefined);
}

/**
 * Derives a context as {@link withTimeout} does, with the cause for the case that the time runs out. Mirrors Go's
 * `context.WithTimeoutCause`.
 *
 * @throws As {@link withTimeout}, with `withTimeoutCause` in the text.
 * @throws TypeError `context: the cause must be an error, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withTimeoutCause(parent, 1 * time.second, new Error("the sensor is silent"));
 * ```
 */
export function withTimeoutCause(
  parent: Context,
  timeout: number,
  cause: Error | undefined,
): [ctx: Context, cancel: CancelFunc] {
  return deriveFor("withTimeoutCause", parent, timeout, cause);
}

function deriveUntil(what: string, parent: Context, deadline: Date, cause: Error | undefined): [Context, CancelFunc] {
  const wrong = wrongDate(deadline);
  if (wrong !== undefined) throw new TypeError(`context.${what}: the deadline must be a valid Date, got ${wrong}`);
  checkParent(what, parent);
  checkCause(cause);
  const clock = currentQueue();
  const at = deadline.getTime();
  return derive(parent, clock, at, at - clock.wall(), cause);
}

function deriveFor(what: string, parent: Context, timeout: number, cause: Error | undefined): [Context, CancelFunc] {
  checkParent(what, parent);
  checkCause(cause);
  checkDuration(`context.${what}`, timeout);
  const clock = currentQueue();
  const at = Math.trunc(Math.max(-latest, Math.min(clock.wall() + timeout, latest)));
  return derive(parent, clock, at, timeout, cause);
}

/** Derives a context that ends at the wall time `at`, which is `timeout` milliseconds from now. */
function derive(
  parent: Context,
  clock: AlarmQueue,
  at: number,
  timeout: number,
  cause: Error | undefined,
): [Context, CancelFunc] {
  const inherited = deadlineOf(parent);
  if (inherited !== undefined && inherited.getTime() < at) return withCancel(parent);
  const ctx = new DeadlineContext(parent, at, cause ?? deadlineExceeded, clock);
  attach(ctx);
  ctx.start(timeout);
  return [ctx, cancelerOf(ctx)];
}

/**
 * Returns how many milliseconds are left until the deadline of a context; Infinity if it has none. For a deadline of
 * this library that is measured by the monotonic clock of its alarm, because the wall clock may be set.
 */
export function timeLeft(ctx: Context): number {
  const plain = ctx instanceof ValueContext ? ctx.plainAncestor : ctx;
  const decider = plain instanceof CancelContext ? plain.deadlineAncestor : plain;
  if (decider instanceof DeadlineContext) {
    const { expiry } = decider;
    // Looking may end it.
    return decider.err() === undefined && expiry?.queue !== undefined ? expiry.when - expiry.queue.now() : 0;
  }
  const deadline = deadlineOf(decider);
  return deadline === undefined ? Infinity : deadline.getTime() - currentQueue().wall();
}

class DeadlineContext extends CancelContext {
  /** The wall time of the deadline, in milliseconds. */
  readonly #at: number;
  readonly #timeoutCause: Error;
  readonly #clock: AlarmQueue;
  readonly #alarm: DeadlineAlarm;

  constructor(parent: Context, at: number, timeoutCause: Error, clock: AlarmQueue) {
    super(parent);
    this.deadlineAncestor = this;
    this.#at = at;
    this.#timeoutCause = timeoutCause;
    this.#clock = clock;
    this.#alarm = new DeadlineAlarm(this);
  }

  /** Sets the alarm, unless the parent has ended this context already. */
  start(timeout: number): void {
    if (this.err() !== undefined) return;
    this.expiry = this.#alarm;
    if (timeout <= 0) this.expire();
    else this.#alarm.setAt(this.#clock, this.#clock.dueIn(timeout));
  }

  expire(): void {
    this.end(deadlineExceeded, this.#timeoutCause);
  }

  override deadline(): Date {
    return new Date(this.#at);
  }

  protected override ended(): void {
    this.#alarm.stop();
  }

  override suffix(): string {
    const left = formatDuration(this.#at - this.#clock.wall());
    return `WithDeadline(${new Date(this.#at).toISOString()} [${left}])`;
  }

  static {
    refuseUnbound(this);
  }
}

class DeadlineAlarm extends Alarm implements Expiry {
  readonly #ctx: DeadlineContext;

  constructor(ctx: DeadlineContext) {
    super();
    this.#ctx = ctx;
  }

  ring(): void {
    this.#ctx.expire();
  }

  override get subject(): object {
    return this.#ctx;
  }

  watch(): void {
    this.hold();
  }

  unwatch(): void {
    this.release();
  }

  poll(): void {
    const { queue } = this;
    // Rings everything that is due: an earlier deadline below must not get the cause of this one.
    if (queue !== undefined && queue.now() >= this.when) queue.ringDue();
  }
}
