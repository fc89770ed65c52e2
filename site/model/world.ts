/**
 * The state of a program after so many events of its log: a fold, so that going back shows exactly what was there before.
 */

import type { Entry, EntryCase, Outcome } from "../engine/protocol.ts";

export type State = "ready" | "running" | "blocked" | "sleeping" | "ended" | "panicked";

export interface Goroutine {
  readonly number: number;
  readonly parent: number;
  state: State;
  /** What it waits for, in Go's words, and on what. */
  why: string;
  on: string;
  /** The cases of the select that it waits in, or has just passed. */
  cases: readonly EntryCase[];
  value: string | undefined;
  line: number;
}

export interface Waiting {
  readonly goroutine: number;
  readonly value: string | undefined;
  readonly select: boolean;
}

export interface Channel {
  readonly on: string;
  readonly capacity: number;
  buffer: (string | undefined)[];
  senders: Waiting[];
  receivers: Waiting[];
  closed: boolean;
  sent: number;
  /** How many values more than it has sent there each goroutine has received. */
  taken: Map<number, number>;
}

/** A lock, a WaitGroup, a semaphore, a condition. */
export interface Sync {
  readonly on: string;
  readonly kind: string;
  /** Who holds it. */
  holders: number[];
  count: number;
  waiting: number[];
}

export interface Context {
  readonly on: string;
  readonly parent: string;
  readonly line: number;
  deadline: number | undefined;
  ended: boolean;
  cause: string | undefined;
  /** The index of the event that ended it. */
  endedAt: number;
}

export interface World {
  readonly time: number;
  readonly goroutines: ReadonlyMap<number, Goroutine>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly syncs: ReadonlyMap<string, Sync>;
  readonly contexts: ReadonlyMap<string, Context>;
  readonly printed: readonly Printed[];
}

export interface Printed {
  readonly at: number;
  readonly goroutine: number;
  readonly text: string;
  readonly error: boolean;
}

/** Returns the state after the first `position` events. */
export function worldAt(entries: readonly Entry[], position: number): World {
  const fold = new Fold();
  const end = Math.min(position, entries.length);
  for (let i = 0; i < end; i++) fold.add(entries[i] as Entry, i);
  return fold;
}

/** So many events at most lie between two states of a run that are kept, unless it is so long that more would be kept. */
const gap = 250;
const mostKept = 64;

/** The states of a run. Some are kept, so that to show one costs no more in a long run than in a short one. */
export class History {
  readonly #entries: readonly Entry[];
  readonly #gap: number;
  /** After each so many events. */
  readonly #kept: Fold[] = [new Fold()];

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
    this.#gap = Math.max(gap, Math.ceil(entries.length / mostKept));
  }

  /** Returns what `worldAt` does. */
  at(position: number): World {
    const end = Math.max(0, Math.min(position, this.#entries.length));
    const from = Math.min(Math.floor(end / this.#gap), this.#kept.length - 1);
    const fold = (this.#kept[from] as Fold).copy();
    for (let at = from * this.#gap; at < end;) {
      fold.add(this.#entries[at] as Entry, at);
      if (++at === this.#kept.length * this.#gap) this.#kept.push(fold.copy());
    }
    return fold;
  }
}

class Fold implements World {
  time = 0;
  readonly goroutines: Map<number, Goroutine> = new Map();
  readonly channels: Map<string, Channel> = new Map();
  readonly syncs: Map<string, Sync> = new Map();
  readonly contexts: Map<string, Context> = new Map();
  readonly printed: Printed[] = [];
  #running = 0;
  /** What the goroutine has offered that the event before has let go on. */
  #offers: ReadonlyMap<string, string | undefined> | undefined;

  copy(): Fold {
    const copy = new Fold();
    copy.time = this.time;
    copy.#running = this.#running;
    copy.#offers = this.#offers;
    for (const [number, one] of this.goroutines) copy.goroutines.set(number, { ...one });
    for (const [on, one] of this.channels) {
      const { buffer, senders, receivers, taken } = one;
      const lists = { buffer: [...buffer], senders: [...senders], receivers: [...receivers], taken: new Map(taken) };
      copy.channels.set(on, { ...one, ...lists });
    }
    for (const [on, one] of this.syncs) {
      copy.syncs.set(on, { ...one, holders: [...one.holders], waiting: [...one.waiting] });
    }
    for (const [on, one] of this.contexts) copy.contexts.set(on, { ...one });
    copy.printed.push(...this.printed);
    return copy;
  }

  add(entry: Entry, at: number): void {
    this.time = entry.time;
    if (entry.kind !== "receive" && entry.kind !== "unblock") this.#offers = undefined;
    if (entry.goroutine > 0 && entry.kind !== "step" && entry.kind !== "end") this.#runs(entry.goroutine, entry.line);
    switch (entry.kind) {
      case "go":
        this.goroutines.set(entry.peer, newGoroutine(entry.peer, entry.goroutine));
        break;
      case "step":
        this.#step(entry);
        break;
      case "end":
      case "panic":
        this.#end(entry);
        break;
      case "block":
        this.#block(entry);
        break;
      case "unblock":
        this.#unblock(entry);
        break;
      case "log":
        if (entry.on !== "") {
          const error = entry.on === "error" || entry.on === "warn";
          this.printed.push({ at, goroutine: entry.goroutine, text: entry.detail, error });
        }
        break;
      case "make":
      case "send":
      case "receive":
      case "close":
        this.#channelEvent(entry);
        break;
      case "select":
        this.#of(entry.goroutine).cases = entry.cases ?? [];
        break;
      case "sync":
        this.#sync(entry);
        break;
      default:
        this.#contextEvent(entry, at);
    }
  }

  #of(number: number): Goroutine {
    let found = this.goroutines.get(number);
    if (found === undefined) this.goroutines.set(number, (found = newGoroutine(number, 0)));
    return found;
  }

  #runs(number: number, line: number): void {
    if (this.#running !== number) {
      const before = this.goroutines.get(this.#running);
      if (before?.state === "running") before.state = "ready";
      this.#running = number;
    }
    const goroutine = this.#of(number);
    if (goroutine.state === "ready") goroutine.state = "running";
    if (line > 0) goroutine.line = line;
  }

  #step({ goroutine, detail, line }: Entry): void {
    if (goroutine === 0) return;
    const of = this.#of(goroutine);
    if (detail === "left") {
      if (of.state === "running") of.state = "ready";
      if (this.#running === goroutine) this.#running = 0;
      return;
    }
    if (of.state === "blocked" || of.state === "sleeping") clear(of);
    of.state = "ready";
    this.#runs(goroutine, line);
  }

  #end({ goroutine, kind }: Entry): void {
    if (goroutine === 0) return;
    const of = this.#of(goroutine);
    of.state = kind === "panic" ? "panicked" : "ended";
    clear(of, of.state);
    if (this.#running === goroutine) this.#running = 0;
  }

  #block({ goroutine, detail, on, value, line }: Entry): void {
    if (goroutine === 0) return;
    const of = this.#of(goroutine);
    of.state = detail === "sleep" ? "sleeping" : "blocked";
    of.why = detail;
    of.on = on;
    of.value = value;
    if (line > 0) of.line = line;
    if (this.#running === goroutine) this.#running = 0;
    const waiting = (value: string | undefined, select: boolean): Waiting => ({ goroutine, value, select });
    if (detail.startsWith("select")) {
      for (const one of of.cases) {
        if (one.on === "") continue;
        const channel = this.#channel(one.on);
        (one.sends ? channel.senders : channel.receivers).push(waiting(one.value, true));
      }
    } else if (detail.startsWith("chan send")) this.#channel(on).senders.push(waiting(value, false));
    else if (detail.startsWith("chan receive")) this.#channel(on).receivers.push(waiting(undefined, false));
    else if (on !== "") this.#syncOf(on).waiting.push(goroutine);
  }

  #unblock({ peer, goroutine }: Entry): void {
    if (peer === 0) return;
    const of = this.#of(peer);
    if (of.state !== "blocked" && of.state !== "sleeping") return;
    const { on } = of;
    this.#offers = offersOf(of);
    this.#withdraw(peer);
    const sync = this.syncs.get(on);
    if (sync !== undefined && isLock(sync.kind)) {
      // A lock is handed over to the one that it wakes.
      if (goroutine !== peer) sync.holders.push(peer);
    }
    clear(of);
    of.state = "ready";
  }

  /** Takes a goroutine out of all queues. */
  #withdraw(number: number): void {
    const others = ({ goroutine }: Waiting): boolean => goroutine !== number;
    const { on, why, cases } = this.#of(number);
    for (const name of why.startsWith("select") ? cases.map((one) => one.on) : [on]) {
      const channel = this.channels.get(name);
      if (channel === undefined) continue;
      channel.senders = channel.senders.filter(others);
      channel.receivers = channel.receivers.filter(others);
    }
    const sync = this.syncs.get(on);
    if (sync !== undefined) sync.waiting = sync.waiting.filter((one) => one !== number);
  }

  #channel(on: string, capacity = 0): Channel {
    let channel = this.channels.get(on);
    if (channel === undefined) {
      channel = { on, capacity, buffer: [], senders: [], receivers: [], closed: false, sent: 0, taken: new Map() };
      this.channels.set(on, channel);
    }
    return channel;
  }

  #channelEvent({ kind, goroutine, on, peer, value, detail }: Entry): void {
    if (kind === "make") {
      this.#channel(on, Number(value ?? 0));
      return;
    }
    const channel = this.#channel(on);
    const takes = (number: number, by: number): void => {
      if (number > 0) channel.taken.set(number, (channel.taken.get(number) ?? 0) + by);
    };
    if (kind === "close") channel.closed = true;
    else if (kind === "send") {
      takes(goroutine, -1);
      takes(peer, 1);
      channel.sent++;
      if (peer === 0) channel.buffer.push(value);
    } else if (detail !== "closed") {
      takes(goroutine, 1);
      takes(peer, -1);
      channel.buffer.shift();
      if (peer !== 0) channel.sent++;
      // Who waited to send is served first: its value takes the place that is free now.
      if (peer === 0 && this.#offers?.has(on) === true) {
        channel.sent++;
        channel.buffer.push(this.#offers.get(on));
      }
      this.#offers = undefined;
    }
  }

  #syncOf(on: string): Sync {
    let sync = this.syncs.get(on);
    if (sync === undefined) {
      sync = { on, kind: on.replace(/\d+$/, ""), holders: [], count: 0, waiting: [] };
      this.syncs.set(on, sync);
    }
    return sync;
  }

  #sync({ goroutine, on, detail, value }: Entry): void {
    const sync = this.#syncOf(on);
    const n = Number(value ?? 1);
    switch (detail) {
      case "lock":
      case "rLock":
      case "tryLock":
      case "tryRLock":
        if (!sync.holders.includes(goroutine)) sync.holders.push(goroutine);
        break;
      case "unlock":
      case "rUnlock": {
        // Anyone may unlock.
        const at = sync.holders.indexOf(goroutine);
        sync.holders.splice(at < 0 ? 0 : at, 1);
        break;
      }
      case "add":
        sync.count += n;
        break;
      case "acquire":
        sync.count += n;
        sync.holders.push(goroutine);
        break;
      case "release": {
        sync.count -= n;
        const at = sync.holders.indexOf(goroutine);
        sync.holders.splice(at < 0 ? 0 : at, 1);
        break;
      }
      default:
    }
  }

  #contextEvent({ kind, on, value, detail, line, time }: Entry, at: number): void {
    if (kind === "derive") {
      const parent = value ?? "";
      if (parent !== "" && !this.contexts.has(parent)) this.contexts.set(parent, newContext(parent, "", 0));
      if (!this.contexts.has(on)) this.contexts.set(on, newContext(on, parent, line));
    } else if (kind === "alarm") {
      const context = this.contexts.get(detail);
      if (context !== undefined) context.deadline = Number(value ?? time);
    } else if (kind === "cancel") {
      const context = this.contexts.get(on) ?? newContext(on, "", line);
      this.contexts.set(on, context);
      context.ended = true;
      context.cause = value;
      context.endedAt = at;
    }
  }
}

/** What one that is blocked offers, by channel. */
export function offersOf({
  why,
  on,
  value,
  cases,
}: Pick<Goroutine, "why" | "on" | "value" | "cases">): Map<string, string | undefined> {
  if (why.startsWith("chan send")) return new Map([[on, value]]);
  if (!why.startsWith("select")) return new Map();
  return new Map(cases.filter(({ sends }) => sends).map((one) => [one.on, one.value]));
}

/** Locks have holders; the others count. */
export function isLock(kind: string): boolean {
  return kind === "Mutex" || kind === "RWMutex";
}

function newGoroutine(number: number, parent: number): Goroutine {
  return { number, parent, state: "ready", why: "", on: "", cases: [], value: undefined, line: 0 };
}

function newContext(on: string, parent: string, line: number): Context {
  return { on, parent, line, deadline: undefined, ended: false, cause: undefined, endedAt: -1 };
}

function clear(of: Goroutine, state: State = "ready"): void {
  of.state = state;
  of.why = of.on = "";
  of.value = undefined;
}

/** Who is to blame at the end: those that will never go on. */
export function stuck(world: World, outcome: Outcome | undefined): number[] {
  if (outcome?.kind !== "deadlock" && outcome?.kind !== "leak") return [];
  return [...world.goroutines.values()].filter(({ state }) => state === "blocked").map(({ number }) => number);
}
