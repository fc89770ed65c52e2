import { type ReceiveChan, nilChan } from "../chan/chan.ts";
import { PanicError } from "../runtime/panic.ts";
import { showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { checkDuration, nanosecond } from "./duration.ts";
import { TimeSource } from "./time-source.ts";

/**
 * A periodic event. Mirrors Go's `time.Ticker`. Made by {@link newTicker}; one made with `new Ticker()` is Go's zero
 * Ticker.
 */
export class Ticker {
  /**
   * Delivers the time of each tick. At most one tick is pending: a slow receiver loses ticks and gets the next one on
   * the original grid. Never closed.
   */
  readonly c: ReceiveChan<Date>;
  /** Undefined in the zero Ticker. */
  readonly #source: TickSource | undefined;

  /** Makes Go's zero Ticker: `new(time.Ticker)`. Its channel is nil. */
  constructor();
  /** @internal */
  constructor(source: TickSource);
  constructor(source?: TickSource) {
    this.#source = source;
    this.c = source?.channel ?? nilChan();
  }

  /**
   * Stops the ticker: no tick is delivered any more, not even a pending one. Mirrors Go's `Ticker.Stop`. A ticker on
   * which no goroutine waits need not be stopped; it costs nothing.
   *
   * @example
   * ```ts
   * const ticker = time.newTicker(1 * time.second);
   * using _ = defer(() => ticker.stop());
   * ```
   */
  stop(): void {
    this.#source?.cease();
  }

  /**
   * Drops a pending tick and starts again: the next tick is `period` milliseconds from now. Mirrors Go's
   * `Ticker.Reset`. Restarts a stopped ticker.
   *
   * @throws PanicError `non-positive interval for Ticker.Reset`
   * @throws PanicError `time: Reset called on uninitialized Ticker`
   * @throws TypeError `Ticker.reset: the duration must be a number of milliseconds, got …`
   *
   * @example
   * ```ts
   * ticker.reset(250 * time.millisecond);
   * ```
   */
  reset(period: number): void {
    checkPeriod("Ticker.reset", "Ticker.Reset", period);
    if (this.#source === undefined) throw new PanicError("time: Reset called on uninitialized Ticker");
    this.#source.cease();
    this.#source.start(period);
  }

  /**
   * Returns the text in logs: whether it ticks.
   *
   * @example
   * ```ts
   * console.log(String(time.newTicker(1 * time.second))); // Ticker(ticking)
   * ```
   */
  toString(): string {
    return `Ticker(${this.#source?.isTicking() === true ? "ticking" : "stopped"})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }
}

/**
 * Makes a ticker that delivers the time every `period` milliseconds, for the first time after one period. Mirrors Go's
 * `time.NewTicker`.
 *
 * @throws PanicError `non-positive interval for NewTicker`
 * @throws TypeError `time.newTicker: the duration must be a number of milliseconds, got …`
 *
 * @example
 * ```ts
 * const ticker = time.newTicker(1 * time.second);
 * for await (const at of ticker.c) console.log("tick", at);
 * ```
 */
export function newTicker(period: number): Ticker {
  checkPeriod("time.newTicker", "NewTicker", period);
  const source = new TickSource();
  source.start(period);
  return new Ticker(source);
}

/**
 * Returns the channel of a new ticker, or the nil channel if the period is zero or less. Mirrors Go's `time.Tick`.
 *
 * @throws TypeError `time.tick: the duration must be a number of milliseconds, got …`
 *
 * @example
 * ```ts
 * for await (const at of time.tick(1 * time.minute)) await report(at);
 * ```
 */
export function tick(period: number): ReceiveChan<Date> {
  checkDuration("time.tick", period);
  return period <= 0 ? nilChan() : newTicker(period).c;
}

function checkPeriod(what: string, goName: string, period: number): void {
  checkDuration(what, period);
  if (period <= 0) throw new PanicError(`non-positive interval for ${goName}`);
}

class TickSource extends TimeSource {
  /** At least Go's smallest duration: with a shorter one the number of elapsed ticks would overflow. */
  #period = nanosecond;

  override start(period: number): void {
    this.#period = Math.max(period, nanosecond);
    super.start(period);
  }

  isTicking(): boolean {
    return this.running;
  }

  /** Delivers the first tick that is due, unless one is pending, and drops the others. */
  protected deliver(now: number): void {
    const at = this.dueDate(now);
    this.due += (Math.floor((now - this.due) / this.#period) + 1) * this.#period;
    if (!this.channel.hasValue()) this.channel.put(at);
  }
}
