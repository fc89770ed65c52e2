/**
 * The log of events: who did what to what, in order. All that is drawn, printed or exported is a fold over it.
 */

import type { Hooks, SelectCase } from "../runtime/hooks.ts";
import { type Name, Names } from "./names.ts";
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
  /**
   * The value that was passed, the cause of a cancel, the error of a panic, the time of an alarm. Recordings of programs
   * that run by themselves keep no objects, and no more than the start of a text: they have something that shows as the
   * value does, as `String(value)` has it.
   */
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

/** Where a log writes its events. */
export interface EventStore {
  /** How many events are kept. */
  readonly length: number;
  /**
   * Adds an event. `other` is the name of a second object: the parent of a context, what an alarm is for.
   */
  add(
    kind: EventKind,
    time: number,
    goroutine: number,
    line: Event["line"],
    on: Name,
    peer: number,
    value: unknown,
    detail: string,
    other: Name,
    cases: readonly LoggedCase[] | undefined,
  ): void;
  /** Returns the events that are kept, the oldest first: those of the `age` before the last one. */
  read(names: Names, age?: number): Event[];
}

/** A case as it is written down: its object has no text yet. */
export type LoggedCase = Omit<EventCase, "on"> & { readonly on: Name };

/** Makes the event that is read of what was written down. */
export function eventOf(
  names: Names,
  kind: EventKind,
  time: number,
  goroutine: number,
  line: Event["line"],
  on: Name,
  peer: number,
  value: unknown,
  detail: string,
  other: Name,
  cases: readonly LoggedCase[] | undefined,
): Event {
  return {
    kind,
    time,
    goroutine,
    line,
    on: names.text(on),
    peer,
    value: kind === "derive" ? names.text(other) : value,
    detail: kind === "alarm" ? names.text(other) : detail,
    cases: cases?.map((one) => ({ ...one, on: names.text(one.on) })),
  };
}

/** Keeps all events, and the values themselves: for runs that are over soon. */
class EventList implements EventStore {
  readonly #names: Names;
  readonly #events: Event[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  get length(): number {
    return this.#events.length;
  }

  add(...event: Parameters<EventStore["add"]>): void {
    this.#events.push(eventOf(this.#names, ...event));
  }

  read(): Event[] {
    return [...this.#events];
  }
}

/** Writes down what the hooks tell. */
export class EventLog {
  readonly #source: LogSource;
  readonly #names = new Names();
  readonly #store: EventStore;
  /** Who parked each operation. */
  readonly #parkedBy = new Notes<number>();

  /** Without a store, all events are kept. */
  constructor(source: LogSource, store?: EventStore) {
    this.#source = source;
    this.#store = store ?? new EventList(this.#names);
  }

  /** The events that are kept, the oldest first. */
  get events(): readonly Event[] {
    return this.#store.read(this.#names);
  }

  /** The events of the latest `age` milliseconds before the last one. */
  latest(age: number): readonly Event[] {
    return this.#store.read(this.#names, age);
  }

  /** How many events are kept. */
  get length(): number {
    return this.#store.length;
  }

  /** Adds a message, or the begin or the end of a region. `on` and `number` name what it belongs to. */
  tell(kind: "begin" | "finish" | "log", on: string, number: number, text: string, value?: unknown): void {
    this.#add(kind, this.#names.numbered(on, number), 0, value, text);
  }

  /** Adds a step of a schedule. */
  step(goroutine: number, why: string, line: Event["line"]): void {
    this.#store.add("step", this.#source.now(), goroutine, line, 0, 0, undefined, why, 0, undefined);
  }

  /** Adds the panic that ends a run. */
  panic(goroutine: number, error: unknown, line: Event["line"]): void {
    this.#store.add("panic", this.#source.now(), goroutine, line, 0, 0, error, "", 0, undefined);
  }

  /** Adds an event of the goroutine at work, or of another one. */
  #add(
    kind: EventKind,
    on: Name = 0,
    peer = 0,
    value?: unknown,
    detail = "",
    other: Name = 0,
    cases?: readonly LoggedCase[],
    goroutine: number = this.#source.who(),
  ): void {
    const { line } = this.#source;
    this.#store.add(kind, this.#source.now(), goroutine, line?.(), on, peer, value, detail, other, cases);
  }

  /** What to attach. */
  hooks(): Hooks {
    const source = this.#source;
    const names = this.#names;
    const peer = (operation: object | undefined): number =>
      operation === undefined ? 0 : (this.#parkedBy.get(operation) ?? 0);
    return {
      spawn: (id) => this.#add("go", 0, source.numberOf(id)),
      end: (id) => this.#add("end", 0, 0, undefined, "", 0, undefined, source.numberOf(id)),
      park: (operation, state, on, value) => {
        this.#parkedBy.set(operation, source.who());
        this.#add("block", this.#nameOf(on, state), 0, value, state);
      },
      wake: (operation, result) => this.#add("unblock", 0, peer(operation), result),
      make: (object, capacity) => this.#add("make", names.of(object, "ch"), 0, capacity),
      send: (object, value, to) => this.#add("send", names.of(object, "ch"), peer(to), value),
      receive: (object, value, ok, from) =>
        this.#add("receive", names.of(object, "ch"), peer(from), value, ok ? "value" : "closed"),
      close: (object) => this.#add("close", names.of(object, "ch")),
      select: (_, cases, chosen) => {
        const seen = cases.map((one) => this.#caseOf(one));
        this.#add("select", 0, 0, undefined, cases[chosen]?.name ?? "", 0, seen);
      },
      sync: (object, method, n) => this.#add("sync", this.#nameOf(object, ""), 0, n, method),
      derive: (child, parent) => {
        const name = names.of(child, "ctx");
        this.#add("derive", name, 0, undefined, "", names.of(parent, "ctx"));
      },
      cancel: (object, cause) => this.#add("cancel", names.of(object, "ctx"), 0, cause),
      alarm: (alarm, when, of) => this.#add("alarm", names.of(alarm, "alarm"), 0, when, "", names.known(of)),
      ring: (alarm) => this.#add("ring", names.of(alarm, "alarm")),
      stop: (alarm) => this.#add("stop", names.of(alarm, "alarm")),
    };
  }

  #nameOf(on: object, state: string): Name {
    if (state === "sleep" || state.startsWith("select")) return 0;
    const known = this.#names.known(on);
    if (known !== 0) return known;
    return this.#names.of(on, state.startsWith("chan") ? "ch" : on.constructor.name);
  }

  #caseOf(one: SelectCase): LoggedCase {
    const { name, channel, send } = one;
    const on = channel === undefined ? 0 : this.#names.of(channel, "ch");
    return { name, on, sends: send !== undefined, value: send?.value, ready: one.canProceed() };
  }
}
