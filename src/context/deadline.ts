import { Alarm } from "../runtime/alarms.ts";
import { describe } from "../runtime/describe.ts";
import { checkDuration, formatDuration } from "../time/duration.ts";
import { cancelFunc, type CancelFunc } from "./cancel.ts";
import { checkParent } from "./check.ts";
import type { Context } from "./context.ts";
import { deadlineExceeded } from "./errors.ts";
import { CancelContext, type Expiry } from "./tree.ts";

/** The latest time that a Date can hold. */
const latest = 8.64e15;

/**
 * Derives a context that ends at `deadline` with `context deadline exceeded`, or earlier with the parent or when `cancel`
 * is called. Mirrors Go's `context.WithDeadline`. If the parent's deadline is earlier, that one stays. A deadline in the
 * past ends the context at once.
 *
 * It does not keep the process alive unless somebody depends on it: a goroutine parked until the end, a function of
 * {@link afterFunc}, an AbortSignal.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.withDeadline: the deadline must be a valid Date, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withDeadline(parent, new Date(Date.now() + 50 * time.millisecond));
 * using _ = cancel;
 * ```
 */
export function withDeadline(parent: Context, deadline: Date): [ctx: Context, cancel: CancelFunc] {
  return derive("withDeadline", parent, checkDate("withDeadline", deadline), undefined);
}

/**
 * Derives a context as {@link withDeadline} does, with the cause that it has if the deadline passes. Mirrors Go's
 * `context.WithDeadlineCause`.
 *
 * @throws As {@link withDeadline}.
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
  return derive("withDeadlineCause", parent, checkDate("withDeadlineCause", deadline), cause);
}

/**
 * Derives a context that ends `timeout` milliseconds from now. Mirrors Go's `context.WithTimeout`: it is
 * {@link withDeadline} with that time. Zero or less ends it at once; an infinite timeout never does.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.withTimeout: the duration must be a number of milliseconds, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withTimeout(context.background(), 100 * time.millisecond);
 * using _ = cancel;
 * await slowOperation(ctx);
 * ```
 */
export function withTimeout(parent: Context, timeout: number): [ctx: Context, cancel: CancelFunc] {
  return derive("withTimeout", parent, timeout, undefined);
}

/**
 * Derives a context as {@link withTimeout} does, with the cause that it has if the time runs out. Mirrors Go's
 * `context.WithTimeoutCause`.
 *
 * @throws As {@link withTimeout}.
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
  return derive("withTimeoutCause", parent, timeout, cause);
}

function checkDate(what: string, deadline: Date): number {
  const time = deadline instanceof Date ? deadline.getTime() : NaN;
  if (Number.isNaN(time)) {
    const given = deadline instanceof Date ? "an invalid Date" : describe(deadline);
    throw new TypeError(`context.${what}: the deadline must be a valid Date, got ${given}`);
  }
  return time - Date.now();
}

function derive(what: string, parent: Context, timeout: number, cause: Error | undefined): [Context, CancelFunc] {
  checkParent(what, parent);
  checkDuration(`context.${what}`, timeout);
  const deadline = new Date(Math.max(-latest, Math.min(Date.now() + timeout, latest)));
  const inherited = parent.deadline();
  const ctx =
    inherited !== undefined && inherited.getTime() < deadline.getTime()
      ? new CancelContext(parent)
      : new DeadlineContext(parent, deadline, cause ?? deadlineExceeded);
  ctx.attach();
  if (ctx instanceof DeadlineContext) ctx.start(timeout);
  return [ctx, cancelFunc(ctx)];
}

class DeadlineContext extends CancelContext {
  readonly #deadline: Date;
  readonly #timeoutCause: Error;
  readonly #alarm: DeadlineAlarm;

  constructor(parent: Context, deadline: Date, timeoutCause: Error) {
    super(parent);
    this.#deadline = deadline;
    this.#timeoutCause = timeoutCause;
    this.#alarm = new DeadlineAlarm(this);
  }

  /** Sets the alarm, unless the parent has ended this context already. */
  start(timeout: number): void {
    if (this.err() !== undefined) return;
    this.expiry = this.#alarm;
    if (timeout <= 0) this.expire();
    else this.#alarm.set(timeout);
  }

  expire(): void {
    this.end(deadlineExceeded, this.#timeoutCause);
  }

  override ownDeadline(): Date {
    return this.#deadline;
  }

  override deadline(): Date {
    return this.#deadline;
  }

  protected override ended(): void {
    this.#alarm.stop();
  }

  override suffix(): string {
    const left = formatDuration(this.#deadline.getTime() - Date.now());
    return `WithDeadline(${this.#deadline.toISOString()} [${left}])`;
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

  poll(): void {
    if (this.queue !== undefined && this.index >= 0 && this.queue.now() >= this.when) this.#ctx.expire();
  }
}
