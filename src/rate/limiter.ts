import type { Context } from "../context/context.ts";
import { checkContext, errOf, timeLeft } from "../context/internal.ts";
import { type AlarmQueue } from "../runtime/alarms.ts";
import { currentQueue } from "../runtime/clock.ts";
import { checkCount, describe, isDate } from "../runtime/arguments.ts";
import { countTry, readyError, readyVoid } from "../runtime/turn.ts";
import { sleep } from "../time/sleep.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * The limit that allows everything, whatever the burst. Mirrors Go's `rate.Inf`.
 *
 * @example
 * ```ts
 * const limiter = new rate.Limiter(rate.inf, 0);
 * console.log(limiter.allow()); // true
 * ```
 */
export const inf: number = Infinity;

/**
 * The result of `Reservation.delay` for tokens that will never be available. Mirrors Go's `rate.InfDuration`, which is
 * Go's longest duration; here durations can be infinite.
 *
 * @example
 * ```ts
 * const reservation = new rate.Limiter(1, 1).reserveN(new Date(), 2);
 * console.log(reservation.delay() === rate.infDuration); // true
 * ```
 */
export const infDuration: number = Infinity;

/**
 * Converts the time between events to a limit in events per second. Mirrors Go's `rate.Every`.
 *
 * @param interval Milliseconds; zero or less means no limit.
 *
 * @example
 * ```ts
 * const limiter = new rate.Limiter(rate.every(100 * time.millisecond), 1); // ten a second
 * ```
 */
export function every(interval: number): number {
  return interval <= 0 ? inf : 1000 / interval;
}

/** Tokens taken in advance, with the time at which they will be available. Mirrors Go's `rate.Reservation`. */
export interface Reservation {
  /**
   * Tells whether the tokens will ever be available: false if more than the burst were wanted. Mirrors Go's
   * `Reservation.OK`.
   *
   * @example
   * ```ts
   * if (!reservation.ok()) throw new Error("more than the burst");
   * ```
   */
  ok(): boolean;
  /**
   * Returns how many milliseconds to wait before acting: 0 for at once, {@link infDuration} if not `ok`. Mirrors Go's
   * `Reservation.Delay`.
   *
   * @example
   * ```ts
   * await time.sleep(ctx, reservation.delay());
   * ```
   */
  delay(): number;
  /**
   * Returns `delay()` as seen from a given time. Mirrors Go's `Reservation.DelayFrom`.
   *
   * @throws TypeError `rate: the time must be a valid Date, got …`
   *
   * @example
   * ```ts
   * const left = reservation.delayFrom(new Date(Date.now() + 1 * time.second));
   * ```
   */
  delayFrom(at: Date): number;
  /**
   * Returns the tokens, except those that later reservations depend on. Mirrors Go's `Reservation.Cancel`. Once it is
   * time to act it does nothing.
   *
   * @example
   * ```ts
   * if (reservation.delay() > 1 * time.second) reservation.cancel();
   * ```
   */
  cancel(): void;
  /**
   * Cancels as of a given time. Mirrors Go's `Reservation.CancelAt`.
   *
   * @throws TypeError `rate: the time must be a valid Date, got …`
   *
   * @example
   * ```ts
   * reservation.cancelAt(new Date());
   * ```
   */
  cancelAt(at: Date): void;
}

/**
 * How far the wall clock may drift from the monotonic clock before Dates are mapped again, in milliseconds. Smaller
 * differences come from rounding: following them would make two equal Dates different times.
 */
const maxDrift = 5;

let nowOf: (limiter: Limiter) => number;
let timeOf: (limiter: Limiter, date: Date) => number;
let giveBack: (limiter: Limiter, reservation: TokenReservation, at: number) => void;

/**
 * A bucket of tokens that limits how often something happens: it holds at most `burst` tokens, begins full, and gets
 * `limit` tokens a second. Mirrors Go's `rate.Limiter`, which `rate.NewLimiter(limit, burst)` makes.
 */
export class Limiter {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  #limit: number;
  #burst: number;
  /** The number of tokens at the time `#last`; negative when reservations are outstanding. */
  #tokens: number;
  /** Times are milliseconds since the limiter was made: small numbers, so that fractions keep their precision. */
  #last = -Infinity;
  /** The time of the latest event that was allowed or reserved. */
  #lastEvent = -Infinity;
  #clock: AlarmQueue;
  /** When the limiter was made, on the monotonic clock and on the wall clock. */
  #clockStart: number;
  #wallStart: number;

  /**
   * Makes a full bucket. Mirrors Go's `rate.NewLimiter`.
   *
   * @param limit Events per second; {@link inf} for no limit.
   * @param burst How many events may happen at once.
   * @throws RangeError `rate: the limit must be a number of at least 0, got …`, `rate: the burst must be an integer of
   * at least 0, got …`
   *
   * @example
   * ```ts
   * const limiter = new rate.Limiter(10, 5); // ten a second, five at once
   * ```
   */
  constructor(limit: number, burst: number) {
    this.#limit = checkLimit(limit);
    this.#burst = checkCount("rate: the burst", burst);
    this.#tokens = burst;
    this.#clock = currentQueue();
    const { now, wall } = bothTimes(this.#clock);
    this.#clockStart = now;
    this.#wallStart = wall;
  }

  /**
   * Returns the limit in events per second. Mirrors Go's `Limiter.Limit`.
   *
   * @example
   * ```ts
   * console.log(new rate.Limiter(10, 5).limit()); // 10
   * ```
   */
  limit(): number {
    return this.#limit;
  }

  /**
   * Returns the burst. Mirrors Go's `Limiter.Burst`.
   *
   * @example
   * ```ts
   * console.log(new rate.Limiter(10, 5).burst()); // 5
   * ```
   */
  burst(): number {
    return this.#burst;
  }

  /**
   * Returns how many tokens are available now; negative if reservations are outstanding. Mirrors Go's `Limiter.Tokens`.
   *
   * @example
   * ```ts
   * console.log(new rate.Limiter(10, 5).tokens()); // 5
   * ```
   */
  tokens(): number {
    return this.#tokensAt(this.#now());
  }

  /**
   * Returns how many tokens will be available at a given time. Mirrors Go's `Limiter.TokensAt`.
   *
   * @throws TypeError `rate: the time must be a valid Date, got …`
   *
   * @example
   * ```ts
   * const soon = limiter.tokensAt(new Date(Date.now() + 1 * time.second));
   * ```
   */
  tokensAt(at: Date): number {
    return this.#tokensAt(this.#at(at));
  }

  /**
   * Tells whether an event may happen now, and takes its token if so. Mirrors Go's `Limiter.Allow`.
   *
   * @example
   * ```ts
   * if (!limiter.allow()) return new Response("slow down", { status: 429 });
   * ```
   */
  allow(): boolean {
    countTry();
    return this.#reserve(this.#now(), 1, 0).granted;
  }

  /**
   * Tells whether `n` events may happen at a given time, and takes their tokens if so. Mirrors Go's `Limiter.AllowN`.
   *
   * @throws TypeError `rate: the time must be a valid Date, got …`
   * @throws RangeError `rate: the number must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * if (!limiter.allowN(new Date(), 3)) stats.dropped += 3;
   * ```
   */
  allowN(at: Date, n: number): boolean {
    return this.#reserve(this.#at(at), checkCount("rate: the number", n), 0).granted;
  }

  /**
   * Takes a token in advance, and returns how long to wait for it. Mirrors Go's `Limiter.Reserve`. It does not wait
   * itself.
   *
   * @example
   * ```ts
   * const reservation = limiter.reserve();
   * await time.sleep(reservation.delay());
   * ```
   */
  reserve(): Reservation {
    return this.#reserve(this.#now(), 1, Infinity);
  }

  /**
   * Takes `n` tokens in advance as of a given time. Mirrors Go's `Limiter.ReserveN`.
   *
   * @throws TypeError `rate: the time must be a valid Date, got …`
   * @throws RangeError `rate: the number must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * const reservation = limiter.reserveN(new Date(), 3);
   * if (reservation.ok()) await time.sleep(reservation.delay());
   * ```
   */
  reserveN(at: Date, n: number): Reservation {
    return this.#reserve(this.#at(at), checkCount("rate: the number", n), Infinity);
  }

  /**
   * Waits until an event may happen. Mirrors Go's `Limiter.Wait`; it is `waitN(ctx, 1)`.
   *
   * @throws As {@link waitN}.
   *
   * @example
   * ```ts
   * for (const url of urls) {
   *   await limiter.wait(ctx);
   *   go(crawl, url);
   * }
   * ```
   */
  wait(ctx: Context): Promise<void> {
    return this.waitN(ctx, 1);
  }

  /**
   * Waits until `n` events may happen. Mirrors Go's `Limiter.WaitN`. Throws at once if the wait would exceed the
   * context's deadline.
   *
   * @throws Error `rate: Wait(n=2) exceeds limiter's burst 1`
   * @throws Error `rate: Wait(n=1) would exceed context deadline`
   * @throws `ctx.err()` once `ctx` has ended; the tokens are returned. If it leaves a goroutine it ends the program,
   * where Go discards it; `errors.result` discards it too.
   * @throws TypeError `rate: the context must be a Context, got …`
   * @throws RangeError `rate: the number must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * await limiter.waitN(ctx, 3);
   * ```
   */
  waitN(ctx: Context, n: number): Promise<void> {
    try {
      const reservation = this.#reserveWithin(ctx, n);
      const delay = reservation.delay();
      return delay === 0 ? readyVoid() : sleepOrCancel(ctx, delay, reservation);
    } catch (error) {
      return readyError(error);
    }
  }

  /**
   * Sets the limit from now on; reservations keep their times. Mirrors Go's `Limiter.SetLimit`.
   *
   * @throws RangeError `rate: the limit must be a number of at least 0, got …`
   *
   * @example
   * ```ts
   * limiter.setLimit(rate.every(1 * time.second));
   * ```
   */
  setLimit(limit: number): void {
    this.#settle(this.#now());
    this.#limit = checkLimit(limit);
  }

  /**
   * Sets the limit from a given time on. Mirrors Go's `Limiter.SetLimitAt`.
   *
   * @throws TypeError `rate: the time must be a valid Date, got …`
   * @throws RangeError `rate: the limit must be a number of at least 0, got …`
   *
   * @example
   * ```ts
   * limiter.setLimitAt(new Date(), 10);
   * ```
   */
  setLimitAt(at: Date, limit: number): void {
    this.#settle(this.#at(at));
    this.#limit = checkLimit(limit);
  }

  /**
   * Sets the burst from now on. Mirrors Go's `Limiter.SetBurst`.
   *
   * @throws RangeError `rate: the burst must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * limiter.setBurst(5);
   * ```
   */
  setBurst(burst: number): void {
    this.#settle(this.#now());
    this.#burst = checkCount("rate: the burst", burst);
  }

  /**
   * Sets the burst from a given time on. Mirrors Go's `Limiter.SetBurstAt`.
   *
   * @throws TypeError `rate: the time must be a valid Date, got …`
   * @throws RangeError `rate: the burst must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * limiter.setBurstAt(new Date(), 5);
   * ```
   */
  setBurstAt(at: Date, burst: number): void {
    this.#settle(this.#at(at));
    this.#burst = checkCount("rate: the burst", burst);
  }

  /**
   * Returns the text in logs, with the limit and the burst.
   *
   * @example
   * ```ts
   * console.log(String(new rate.Limiter(10, 5))); // Limiter(10/s, burst 5)
   * ```
   */
  toString(): string {
    return `Limiter(${this.#limit}/s, burst ${this.#burst})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  #reserveWithin(ctx: Context, n: number): Reservation {
    checkCount("rate: the number", n);
    checkContext("rate: the context", ctx);
    if (n > this.#burst && this.#limit !== inf) {
      throw new Error(`rate: Wait(n=${n}) exceeds limiter's burst ${this.#burst}`);
    }
    const ended = errOf(ctx);
    if (ended !== undefined) throw ended;
    const now = this.#now();
    const reservation = this.#reserve(now, n, timeLeft(ctx));
    if (!reservation.ok()) throw new Error(`rate: Wait(n=${n}) would exceed context deadline`);
    return reservation;
  }

  #now(): number {
    const clock = currentQueue();
    if (clock !== this.#clock) {
      this.#clock = clock;
      this.#clockStart = clock.now() - (clock.wall() - this.#wallStart);
    }
    return clock.now() - this.#clockStart;
  }

  #at(date: Date): number {
    const time = isDate(date) ? date.getTime() : NaN;
    if (Number.isNaN(time)) throw new TypeError(`rate: the time must be a valid Date, got ${describe(date)}`);
    // After a step of the wall clock `new Date()` must still mean now.
    this.#now();
    const { now, wall } = bothTimes(this.#clock);
    const drift = wall - this.#wallStart - (now - this.#clockStart);
    if (Math.abs(drift) > maxDrift) this.#wallStart += drift;
    return time - this.#wallStart;
  }

  #tokensAt(at: number): number {
    if (this.#last === -Infinity) return this.#tokens;
    const gained = (Math.max(at - this.#last, 0) / 1000) * this.#limit;
    // NaN if no time has passed and the limit is infinite.
    return Math.min(this.#burst, this.#tokens + (Number.isNaN(gained) ? 0 : gained));
  }

  /** Adds the tokens gained up to a time with the present limit and burst. */
  #settle(at: number): void {
    this.#tokens = this.#tokensAt(at);
    this.#last = at;
  }

  #reserve(at: number, n: number, longest: number): TokenReservation {
    if (this.#limit === inf) return new TokenReservation(this, n, at, 0, true);
    const tokens = this.#tokensAt(at) - n;
    // Whole nanoseconds, as in Go: a rounding error must not cause a wait.
    const wait = tokens < 0 ? Math.trunc((-tokens / this.#limit) * 1e9) / 1e6 : 0;
    if (n > this.#burst || wait > longest) return new TokenReservation(this, 0, at, this.#limit, false);
    this.#tokens = tokens;
    this.#last = at;
    this.#lastEvent = at + wait;
    return new TokenReservation(this, n, at + wait, this.#limit, true);
  }

  static {
    nowOf = (limiter) => limiter.#now();
    timeOf = (limiter, date) => limiter.#at(date);
    giveBack = (limiter, reservation, at) => {
      if (limiter.#limit === inf) return;
      // Later reservations rely on these tokens.
      const since = ((limiter.#lastEvent - reservation.actAt) / 1000) * reservation.limit;
      const restored = reservation.tokens - (Number.isNaN(since) ? 0 : since);
      if (restored <= 0) return;
      limiter.#tokens = Math.min(limiter.#burst, limiter.#tokensAt(at) + restored);
      limiter.#last = at;
      if (reservation.actAt !== limiter.#lastEvent || reservation.limit === 0) return;
      const previous = reservation.actAt - (reservation.tokens / reservation.limit) * 1000;
      if (previous >= at) limiter.#lastEvent = previous;
    };
  }
}

class TokenReservation implements Reservation {
  readonly #limiter: Limiter;
  readonly tokens: number;
  /** The time at which the tokens are available. */
  readonly actAt: number;
  /** The limit at the time of the reservation; 0 if it was {@link inf}. */
  readonly limit: number;
  readonly granted: boolean;

  constructor(limiter: Limiter, tokens: number, actAt: number, limit: number, granted: boolean) {
    this.#limiter = limiter;
    this.tokens = tokens;
    this.actAt = actAt;
    this.limit = limit;
    this.granted = granted;
  }

  ok(): boolean {
    return this.granted;
  }

  delay(): number {
    return this.delayAt(nowOf(this.#limiter));
  }

  delayFrom(at: Date): number {
    return this.delayAt(timeOf(this.#limiter, at));
  }

  delayAt(at: number): number {
    return this.granted ? Math.max(this.actAt - at, 0) : infDuration;
  }

  cancel(): void {
    this.#cancel(nowOf(this.#limiter));
  }

  cancelAt(at: Date): void {
    this.#cancel(timeOf(this.#limiter, at));
  }

  #cancel(at: number): void {
    if (this.granted && this.tokens > 0 && this.actAt >= at) giveBack(this.#limiter, this, at);
  }

  static {
    refuseUnbound(this);
  }
}

async function sleepOrCancel(ctx: Context, delay: number, reservation: Reservation): Promise<void> {
  try {
    await sleep(ctx, delay);
  } catch (error) {
    reservation.cancel();
    throw error;
  }
}

/** Reads both clocks at the same time: again, if the process was held up between the two. */
function bothTimes(clock: AlarmQueue): { now: number; wall: number } {
  let now = clock.now();
  for (let tries = 1; ; tries++) {
    const wall = clock.wall();
    const after = clock.now();
    if (after - now < 1 || tries === 10) return { now, wall };
    now = after;
  }
}

function checkLimit(limit: number): number {
  if (typeof limit === "number" && limit >= 0) return limit;
  throw new RangeError(`rate: the limit must be a number of at least 0, got ${describe(limit)}`);
}
