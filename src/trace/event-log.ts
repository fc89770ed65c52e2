/**
 * The log of events: who did what to what, in order. All that is drawn, printed or exported is a fold over it.
 */

import type { Hooks, SelectCase } from "../runtime/hooks.ts";
import { Notes } from "./notes.ts";

/** What happened. */
export type EventKind =
  | "go"
  | "step"
  | "end"
  | "panic"
  | "block"
  | "unblock"
  | "make"
  | "send"
  | "receive"
  | "close"
  | "select"
  | "sync"
  | "derive"
  | "cancel"
  | "alarm"
  | "ring"
  | "stop"
  | "log"
  | "begin"
  | "finish";

/** One event. */
export interface Event {
  readonly kind: EventKind;
  /** Milliseconds since the log began. */
  readonly time: number;
  /** The number of the goroutine at work; 0 for none of them: the clock, the host. */
  readonly goroutine: number;
  /** The line at work, where lines are recorded. Formatted when it is read. */
  readonly line: { toString(): string } | undefined;
  /** What it is about, by its name in the log, such as `ch1`, `Mutex2`, `ctx3`; the empty string for nothing. */
  readonly on: string;
  /** The other goroutine: the one that was started or woken, or the partner of a communication; 0 for none. */
  readonly peer: number;
  /** The value that was passed, the cause of a cancel, the error of a panic, the time of an alarm. */
  readonly value: unknown;
  /** The state of one that blocks, the method of a lock, the case that a select chose, the text of a message, what an alarm is for. */
  readonly detail: string;
  /** The cases of a select. */
  readonly cases: readonly EventCase[] | undefined;
}

/** A case of a select, as it was when the select looked at it. */
export interface EventCase {
  readonly name: string;
  readonly on: string;
  readonly sends: boolean;
  readonly value: unknown;
  readonly ready: boolean;
}

/** What a log has to ask somebody else. */
export interface LogSource {
  /** Returns the number of the goroutine at work. */
  who(): number;
  /** Returns the number under which the log knows a goroutine of the runtime. */
  numberOf(id: number): number;
  now(): number;
  /** Returns the line at work. */
  line?(): { toString(): string };
}

/** Names for the program's objects, in the order in which each kind is first seen: `ch1`, `ch2`, `Mutex1`. */
class Names {
  readonly #names = new Notes<string>();
  readonly #counts = new Map<string, number>();

  of(object: object, kind: string): string {
    let name = this.#names.get(object);
    if (name === undefined) {
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      name = `${kind}${count}`;
      this.#names.set(object, name);
    }
    return name;
  }

  /** Returns the name of an object that has been seen; otherwise the empty string. */
  known(object: object): string {
    return this.#names.get(object) ?? "";
  }
}

/** Writes down what the hooks tell, in a ring of the latest `limit` events. */
export class EventLog {
  readonly #source: LogSource;
  readonly #limit: number;
  readonly #ring: Event[] = [];
  /** Where the next event goes, once the ring is full. */
  #next = 0;
  readonly #names = new Names();
  /** Who parked each operation. */
  readonly #parkedBy = new Notes<number>();

  constructor(source: LogSource, limit: number = Infinity) {
    this.#source = source;
    this.#limit = limit;
  }

  /** The events that are kept, the oldest first. */
  get events(): readonly Event[] {
    return this.#next === 0 ? [...this.#ring] : [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }

  /** How many events are kept. */
  get length(): number {
    return this.#ring.length;
  }

  /** Adds an event of the goroutine at work, or of another one. */
  add(
    kind: EventKind,
    on = "",
    peer = 0,
    value?: unknown,
    detail = "",
    cases?: readonly EventCase[],
    goroutine: number = this.#source.who(),
    line: { toString(): string } | undefined = this.#source.line?.(),
  ): void {
    const event: Event = { kind, time: this.#source.now(), goroutine, line, on, peer, value, detail, cases };
    if (this.#ring.length < this.#limit) {
      this.#ring.push(event);
    } else {
      this.#ring[this.#next] = event;
      this.#next = (this.#next + 1) % this.#limit;
    }
  }

  /** What to attach. */
  hooks(): Hooks {
    const source = this.#source;
    const channel = (object: object): string => this.#names.of(object, "ch");
    const context = (object: object): string => this.#names.of(object, "ctx");
    const peer = (operation: object | undefined): number =>
      operation === undefined ? 0 : (this.#parkedBy.get(operation) ?? 0);
    return {
      spawn: (id) => this.add("go", "", source.numberOf(id)),
      end: (id) => this.add("end", "", 0, undefined, "", undefined, source.numberOf(id)),
      park: (operation, state, on, value) => {
        this.#parkedBy.set(operation, source.who());
        this.add("block", this.#nameOf(on, state), 0, value, state);
      },
      wake: (operation, result) => this.add("unblock", "", peer(operation), result),
      make: (object, capacity) => this.add("make", channel(object), 0, capacity),
      send: (object, value, to) => this.add("send", channel(object), peer(to), value),
      receive: (object, value, ok, from) =>
        this.add("receive", channel(object), peer(from), value, ok ? "value" : "closed"),
      close: (object) => this.add("close", channel(object)),
      select: (_, cases, chosen) => {
        const seen = cases.map((one) => this.#caseOf(one, channel));
        this.add("select", "", 0, undefined, cases[chosen]?.name ?? "", seen);
      },
      sync: (object, method, n) => this.add("sync", this.#nameOf(object, ""), 0, n, method),
      derive: (child, parent) => this.add("derive", context(child), 0, context(parent)),
      cancel: (object, cause) => this.add("cancel", context(object), 0, cause),
      alarm: (alarm, when, of) => this.add("alarm", this.#names.of(alarm, "alarm"), 0, when, this.#names.known(of)),
      ring: (alarm) => this.add("ring", this.#names.of(alarm, "alarm")),
      stop: (alarm) => this.add("stop", this.#names.of(alarm, "alarm")),
    };
  }

  #nameOf(on: object, state: string): string {
    if (state.startsWith("chan")) return this.#names.of(on, "ch");
    if (state === "sleep" || state.startsWith("select")) return "";
    return this.#names.of(on, on.constructor.name);
  }

  #caseOf(one: SelectCase, nameOf: (object: object) => string): EventCase {
    const { name, channel, send } = one;
    const on = channel === undefined ? "" : nameOf(channel);
    return { name, on, sends: send !== undefined, value: send?.value, ready: one.canProceed() };
  }
}
