/**
 * Recording: the event log of a program that runs by itself, or under a conductor.
 */

import { conductor } from "../conductor/conductor.ts";
import { Line } from "../conductor/line.ts";
import { attach } from "../runtime/attach.ts";
import { checkCount } from "../runtime/arguments.ts";
import { realNow } from "../runtime/host.ts";
import { dispose } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { type Event, EventLog } from "./event-log.ts";
import { EventRing } from "./event-ring.ts";
import { identify, isIdentityFree } from "./identity.ts";

/** What to record. */
export interface TraceOptions {
  /** Whether to record the line of each event. It costs some microseconds an event. False if it is left out. */
  readonly lines?: boolean;
  /**
   * Whether to record which goroutine is at work. True if it is left out where that costs nothing measurable: in Node 24
   * and later, Bun and Deno.
   */
  readonly goroutines?: boolean;
  /** How many events are kept, the latest. A million if it is left out. */
  readonly limit?: number;
}

/** A recording that is going on. */
export class Recorder {
  readonly log: EventLog;
  readonly #attached: Disposable;

  constructor({ lines = false, goroutines = isIdentityFree(), limit = 1_000_000 }: TraceOptions) {
    checkCount("trace: the limit", limit);
    const identity = identify(goroutines);
    const begun = realNow();
    this.log = new EventLog(
      {
        who: identity.who,
        numberOf: identity.numberOf,
        // While a bubble runs its clock counts, for all.
        now: () => (conductor === undefined ? realNow() - begun : conductor.clock.now()),
        ...(lines ? { line: () => new Line() } : {}),
      },
      new EventRing(Math.max(limit, 1)),
    );
    const hooks = this.log.hooks();
    this.#attached = attach(identity.run === undefined ? hooks : { ...hooks, run: identity.run });
  }

  stop(): readonly Event[] {
    this.#attached[dispose]();
    return this.log.events;
  }
}

/** The recordings that are going on: those that `log` and the regions are told to. */
export const recorders: Set<Recorder> = new Set();

/**
 * Keeps the latest events of a running program, at a price that a server can pay, so that they can be looked at when
 * something has gone wrong. Mirrors Go's `trace.FlightRecorder`.
 *
 * @example
 * ```ts
 * const recorder = new trace.FlightRecorder({ minAge: 5 * time.second });
 * recorder.start();
 * const ch = chan<number>(1);
 * await ch.send(1);
 * console.log(trace.transcript(recorder.events()).join()); // the host sends 1 on ch1
 * recorder.stop();
 * ```
 */
export class FlightRecorder {
  readonly #options: TraceOptions;
  readonly #minAge: number;
  #recorder: Recorder | undefined = undefined;

  /**
   * Makes a recorder that is not started. `minAge` is for how many milliseconds events are kept at least, as far as
   * `limit`, 100,000 events if it is left out, allows.
   *
   * @throws RangeError `trace.FlightRecorder: minAge must be at least 0 milliseconds, got …`
   */
  constructor({ minAge = Infinity, ...options }: TraceOptions & { readonly minAge?: number } = {}) {
    if (!(minAge >= 0))
      throw new RangeError(`trace.FlightRecorder: minAge must be at least 0 milliseconds, got ${minAge}`);
    this.#options = { limit: 100_000, ...options };
    this.#minAge = minAge;
  }

  /**
   * Begins to record. Mirrors Go's `FlightRecorder.Start`.
   *
   * @throws Error `trace.FlightRecorder: started already`
   *
   * @example
   * ```ts
   * const recorder = new trace.FlightRecorder();
   * recorder.start();
   * console.log(recorder.enabled()); // true
   * recorder.stop();
   * ```
   */
  start(): void {
    if (this.#recorder !== undefined) throw new Error("trace.FlightRecorder: started already");
    this.#recorder = new Recorder(this.#options);
    recorders.add(this.#recorder);
  }

  /**
   * Ends the recording, and drops what was recorded. Mirrors Go's `FlightRecorder.Stop`.
   *
   * @example
   * ```ts
   * const recorder = new trace.FlightRecorder();
   * recorder.stop();
   * console.log(recorder.enabled()); // false
   * ```
   */
  stop(): void {
    if (this.#recorder === undefined) return;
    recorders.delete(this.#recorder);
    this.#recorder.stop();
    this.#recorder = undefined;
  }

  /**
   * Tells whether it records. Mirrors Go's `FlightRecorder.Enabled`.
   *
   * @example
   * ```ts
   * console.log(new trace.FlightRecorder().enabled()); // false
   * ```
   */
  enabled(): boolean {
    return this.#recorder !== undefined;
  }

  /**
   * Returns the latest events, the oldest first; none if it is not started. Go's `FlightRecorder.WriteTo` writes them: here
   * that is `JSON.stringify(trace.chrome(recorder.events()))`.
   *
   * @example
   * ```ts
   * console.log(new trace.FlightRecorder().events().length); // 0
   * ```
   */
  events(): readonly Event[] {
    return this.#recorder?.log.latest(this.#minAge) ?? [];
  }

  static {
    refuseUnbound(this);
  }
}
