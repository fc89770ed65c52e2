import type { Context } from "../context/context.ts";
import { currentQueue } from "../runtime/clock.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { now as wallNow } from "../time/time.ts";
import { next as nextTime, nextAfterJump } from "./cron.ts";
import type {
  Claim,
  Claims,
  Counts,
  DeadRecord,
  Engine,
  Listener,
  Message,
  Next,
  Session,
  Settings,
  Standing,
  Swept,
} from "./engine.ts";
import { errClosed } from "./errors.ts";
import type { Broker } from "./types.ts";

/** An engine in the memory of this process, made by {@link memory}. */
export interface Memory extends Engine {
  readonly transactions: false;
  readonly fenced: true;
  readonly keyed: true;

  /**
   * Cuts a broker off, or all that are open, as if their processes had died: they settle nothing any more, and their leases
   * end when their time is over.
   *
   * @example
   * ```ts
   * const engine = topic.memory();
   * await using dying = await topic.open(ctx, engine);
   * engine.crash(dying);
   * await using next = await topic.open(ctx, engine);
   * ```
   */
  crash(broker?: Broker): void;
}

/**
 * Makes an engine in the memory of this process, for tests and to try things out: all that PostgreSQL does but for
 * transactions, and gone with the process. Its time is the library's: that of a `synctest` bubble, or of fake timers, is
 * virtual, so that retries of an hour take none. Brokers that open the same engine see the same topics.
 *
 * @example
 * ```ts
 * await using broker = await topic.open(context.background(), topic.memory());
 * const greetings = broker.topic<string>("greetings");
 * await greetings.send(context.background(), "hello");
 * for await (const d of greetings.receiver(context.background())) {
 *   console.log(d.value, d.attempt); // hello 1
 *   await d.ack();
 *   break;
 * }
 * ```
 */
export function memory(): Memory {
  return new MemoryEngine();
}

interface Row {
  readonly message: Message;
  readonly seq: number;
  readonly sentAt: Date;
  /** Behind another of its key; being worked on. */
  state: "ready" | "behind" | "running";
  /** Moments of the clock. */
  runAt: number;
  readonly expiresAt: number;
  attempt: number;
  token: number;
  leaseUntil: number;
  owner: MemorySession | undefined;
  canceled: string | undefined;
  error: string | undefined;
}

interface Scheduled {
  readonly spec: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  next: Date;
}

/** What there is of one topic. */
class Store {
  readonly rows = new Map<string, Row>();
  readonly running = new Set<Row>();
  /** Those that are dead, with what they carried. */
  readonly dead = new Map<string, DeadRecord & Pick<Message, "headers">>();
  readonly schedules = new Map<string, Scheduled>();
  /** By how much the wall clock, which decides about schedules, was ahead of the other one when we looked. */
  ahead = -Infinity;
  /** Which messages of a key have a place: those that run, and those that failed and keep it. */
  readonly places = new Map<string, Set<string>>();
  /** Those that are ready or will be, in the order of their turns. What has changed since is passed over. */
  readonly #queue: { at: number; row: Row }[] = [];

  queue(row: Row): void {
    row.state = "ready";
    const heap = this.#queue;
    let i = heap.push({ at: row.runAt, row }) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(heap[i], heap[parent])) break;
      swap(heap, i, parent);
      i = parent;
    }
  }

  /** Returns the first in the queue. */
  first(): Row | undefined {
    for (let entry = this.#queue[0]; entry !== undefined; entry = this.#queue[0]) {
      const { row, at } = entry;
      if (row.state === "ready" && row.runAt === at && this.rows.get(row.message.id) === row) return row;
      this.shift();
    }
    return undefined;
  }

  shift(): void {
    const heap = this.#queue;
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return;
    heap[0] = last;
    for (let i = 0; ;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (isBefore(heap[child], heap[least])) least = child;
      if (least === i) return;
      swap(heap, i, least);
      i = least;
    }
  }
}

function isBefore(a: { at: number; row: Row } | undefined, b: { at: number; row: Row } | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.row.seq < b.row.seq);
}

function swap<T>(list: T[], i: number, j: number): void {
  [list[i], list[j]] = [list[j] as T, list[i] as T];
}

class MemoryEngine implements Memory {
  readonly name = "topic.memory()";
  readonly transactions = false;
  readonly fenced = true;
  readonly keyed = true;
  readonly sessions = new Set<MemorySession>();
  readonly stores = new Map<string, Store>();
  lastSeq = 0;
  lastToken = 0;

  async open(_ctx: Context, listener: Listener): Promise<Session> {
    const session = new MemorySession(this, listener);
    this.sessions.add(session);
    return session;
  }

  crash(broker?: Broker): void {
    for (const session of this.sessions) {
      // The broker is its own listener.
      if (broker !== undefined && session.listener !== (broker as unknown)) continue;
      session.isCut = true;
      this.sessions.delete(session);
    }
  }

  store(name: string): Store {
    let store = this.stores.get(name);
    if (store === undefined) this.stores.set(name, (store = new Store()));
    return store;
  }

  wake(topic: string): void {
    for (const session of this.sessions) session.listener.wake(topic);
  }
}

function clock(): number {
  return currentQueue().now();
}

/** Nothing in here awaits in the middle of a step: each method is one. */
class MemorySession implements Session {
  readonly listener: Listener;
  readonly #engine: MemoryEngine;
  /** Whether it is cut off from the engine. */
  isCut = false;
  #isClosed = false;

  constructor(engine: MemoryEngine, listener: Listener) {
    this.#engine = engine;
    this.listener = listener;
  }

  newId(): string {
    return `m${++this.#engine.lastSeq}`;
  }

  async declare(topic: Settings): Promise<void> {
    this.#store(topic);
  }

  async send(topic: Settings, messages: readonly Message[]): Promise<readonly boolean[]> {
    const store = this.#store(topic);
    const duplicates = messages.map((message) => !this.#put(store, message));
    this.#engine.wake(topic.name);
    return duplicates;
  }

  #put(store: Store, message: Message): boolean {
    if (store.rows.has(message.id)) return false;
    const now = clock();
    const row: Row = {
      message,
      seq: ++this.#engine.lastSeq,
      sentAt: wallNow(),
      state: "ready",
      runAt: now + message.delay,
      expiresAt: message.expires === undefined ? Infinity : now + message.expires,
      attempt: 0,
      token: 0,
      leaseUntil: 0,
      owner: undefined,
      canceled: undefined,
      error: undefined,
    };
    store.rows.set(message.id, row);
    store.queue(row);
    return true;
  }

  async claim(topic: Settings, n: number): Promise<Claims> {
    const store = this.#store(topic);
    const due = Math.min(this.#expire(topic, store), this.#tick(store));
    const now = clock();
    const claims: Claim[] = [];
    let first: Row | undefined;
    while (claims.length < n && (first = store.first()) !== undefined && first.runAt <= now) {
      store.shift();
      if (!takesPlace(topic, store, first)) {
        first.state = "behind";
        continue;
      }
      first.state = "running";
      first.attempt++;
      first.token = ++this.#engine.lastToken;
      first.leaseUntil = now + topic.lease;
      first.owner = this;
      store.running.add(first);
      const { id, key, headers, value } = first.message;
      const left = first.expiresAt === Infinity ? undefined : first.expiresAt - now;
      const { attempt, sentAt, token } = first;
      claims.push({ id, key, headers, value, left, attempt, sentAt, token });
    }
    if (claims.length > 0) return { claims, due: undefined };
    const next = Math.min(due, store.first()?.runAt ?? Infinity);
    return { claims, due: next === Infinity ? undefined : next - now };
  }

  /** Gives back what is out for too long; returns when there will be more of that. */
  #expire(topic: Settings, store: Store): number {
    const now = clock();
    let next = Infinity;
    for (const row of store.running) {
      if (row.leaseUntil >= now) {
        next = Math.min(next, row.leaseUntil + 1);
        continue;
      }
      row.error = "the lease ran out";
      if (row.canceled !== undefined) this.#bury(store, row, `canceled: ${row.canceled}`, row.error);
      else if (row.attempt >= topic.maxAttempts) this.#bury(store, row, "attempts exhausted", row.error);
      else this.#release(store, row);
    }
    for (const [id, { deadAt }] of store.dead) {
      if (wallNow().getTime() - deadAt.getTime() > topic.keepDead) store.dead.delete(id);
    }
    return next;
  }

  /** Sends what is scheduled for now; returns when the next of them is. */
  #tick(store: Store): number {
    const wall = wallNow();
    const ahead = wall.getTime() - clock();
    const isBack = ahead < store.ahead - 1000;
    store.ahead = ahead;
    let next = Infinity;
    for (const [name, scheduled] of store.schedules) {
      if (isBack) scheduled.next = nextAfterJump(nextTime, scheduled.spec, scheduled.next, wall);
      if (scheduled.next <= wall) {
        const id = `${name}@${scheduled.next.toISOString()}`;
        const { value, headers } = scheduled;
        this.#put(store, { id, value, headers, key: undefined, delay: 0, expires: undefined });
        scheduled.next = nextTime(scheduled.spec, scheduled.next, wall);
      }
      next = Math.min(next, clock() + scheduled.next.getTime() - wall.getTime());
    }
    return next;
  }

  #release(store: Store, row: Row): void {
    store.running.delete(row);
    row.owner = undefined;
    row.token = 0;
    store.queue(row);
  }

  /** Removes a message, and lets the next of its key in. */
  #remove(store: Store, row: Row): void {
    const { id, key } = row.message;
    store.running.delete(row);
    store.rows.delete(id);
    row.token = 0;
    if (key === undefined) return;
    const places = store.places.get(key);
    if (places?.delete(id) !== true) return;
    if (places.size === 0) store.places.delete(key);
    let next: Row | undefined;
    for (const other of store.rows.values()) {
      if (other.state !== "behind" || other.message.key !== key) continue;
      if (next === undefined || isBefore({ at: other.runAt, row: other }, { at: next.runAt, row: next })) next = other;
    }
    if (next !== undefined) store.queue(next);
  }

  #bury(store: Store, row: Row, reason: string, error: string | undefined): void {
    this.#remove(store, row);
    const { id, key, value, headers } = row.message;
    const { attempt, sentAt } = row;
    store.dead.delete(id);
    const deadAt = wallNow();
    store.dead.set(id, { id, key, value, headers, attempt, reason, error: error ?? row.error, sentAt, deadAt });
  }

  async extend(topic: Settings, claims: readonly Claim[]): Promise<readonly Standing[]> {
    const store = this.#store(topic);
    return claims.map((claim) => {
      const row = this.#held(store, claim);
      if (row === undefined) return "lost";
      row.leaseUntil = clock() + topic.lease;
      return row.canceled === undefined ? "held" : { canceled: row.canceled };
    });
  }

  async ack(topic: Settings, claim: Claim): Promise<boolean> {
    const store = this.#store(topic);
    const row = this.#held(store, claim);
    if (row === undefined) return false;
    this.#remove(store, row);
    if (claim.key !== undefined) this.#engine.wake(topic.name);
    return true;
  }

  async holds(topic: Settings, claim: Claim): Promise<boolean> {
    return this.#held(this.#store(topic), claim) !== undefined;
  }

  async retry(
    topic: Settings,
    claim: Claim,
    delay: number,
    error: string | undefined,
  ): Promise<"done" | "lost" | "canceled"> {
    const store = this.#store(topic);
    const row = this.#held(store, claim);
    if (row === undefined) return "lost";
    if (row.canceled !== undefined) {
      this.#bury(store, row, `canceled: ${row.canceled}`, error);
      this.#engine.wake(topic.name);
      return "canceled";
    }
    row.error = error;
    row.runAt = clock() + delay;
    this.#release(store, row);
    this.#engine.wake(topic.name);
    return "done";
  }

  async giveBack(topic: Settings, claim: Claim): Promise<void> {
    const store = this.#store(topic);
    const row = this.#held(store, claim);
    if (row === undefined) return;
    row.attempt--;
    this.#release(store, row);
    this.#engine.wake(topic.name);
  }

  async bury(topic: Settings, claim: Claim, reason: string, error: string | undefined): Promise<boolean> {
    const store = this.#store(topic);
    const row = this.#held(store, claim);
    if (row === undefined) return false;
    this.#bury(store, row, reason, error);
    this.#engine.wake(topic.name);
    return true;
  }

  async sweep(): Promise<Swept> {
    // Each claim does it, and says when it is due.
    return { pause: Infinity };
  }

  async cancel(topic: Settings, id: string, reason: string): Promise<boolean> {
    const store = this.#store(topic);
    const row = store.rows.get(id);
    if (row === undefined) return false;
    if (row.state === "running") {
      row.canceled ??= reason;
      row.owner?.listener.canceled(topic.name, id, row.canceled);
    } else {
      this.#bury(store, row, `canceled: ${reason}`, undefined);
      this.#engine.wake(topic.name);
    }
    return true;
  }

  async schedule(
    topic: Settings,
    name: string,
    spec: string,
    next: Next,
    value: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { schedules } = this.#store(topic);
    const [old, now] = [schedules.get(name), wallNow()];
    schedules.set(name, { spec, value, headers, next: old?.spec === spec ? old.next : next(spec, now, now) });
    this.#engine.wake(topic.name);
  }

  async unschedule(topic: Settings, name: string): Promise<boolean> {
    return this.#store(topic).schedules.delete(name);
  }

  async counts(topic: Settings): Promise<Counts> {
    const store = this.#store(topic);
    const now = clock();
    const counts = { ready: 0, delayed: 0, behind: 0, running: 0, dead: store.dead.size, oldestReady: 0 };
    for (const row of store.rows.values()) {
      if (row.state !== "ready") counts[row.state]++;
      else if (row.runAt > now) counts.delayed++;
      else {
        counts.ready++;
        counts.oldestReady = Math.max(counts.oldestReady, now - row.runAt);
      }
    }
    return counts;
  }

  async dead(topic: Settings, limit: number, before: DeadRecord | undefined): Promise<readonly DeadRecord[]> {
    const all = [...this.#store(topic).dead.values()].reverse();
    const start = before === undefined ? 0 : all.findIndex(({ id }) => id === before.id) + 1;
    return all.slice(start, start + limit);
  }

  async redrive(topic: Settings, id: string | undefined): Promise<number> {
    const store = this.#store(topic);
    let n = 0;
    for (const dead of store.dead.values()) {
      if (id !== undefined && dead.id !== id) continue;
      const { value, key, headers } = dead;
      if (!this.#put(store, { id: dead.id, key, value, headers, delay: 0, expires: undefined })) continue;
      store.dead.delete(dead.id);
      n++;
    }
    if (n > 0) this.#engine.wake(topic.name);
    return n;
  }

  async purge(topic: Settings, what: "dead" | "waiting"): Promise<number> {
    const store = this.#store(topic);
    if (what === "dead") {
      const { size } = store.dead;
      store.dead.clear();
      return size;
    }
    const waiting = [...store.rows.values()].filter((row) => row.state !== "running");
    for (const row of waiting) this.#remove(store, row);
    return waiting.length;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#engine.sessions.delete(this);
    if (this.isCut) return;
    // As PostgreSQL does when the connection that holds the worker's lock is gone.
    for (const [name, store] of this.#engine.stores) {
      let any = false;
      for (const row of store.running) {
        if (row.owner !== this) continue;
        row.leaseUntil = -Infinity;
        any = true;
      }
      if (any) this.#engine.wake(name);
    }
  }

  #store(topic: Settings): Store {
    if (this.#isClosed) throw errClosed;
    if (this.isCut) throw new Error("topic: the engine is out of reach");
    return this.#engine.store(topic.name);
  }

  #held(store: Store, claim: Claim): Row | undefined {
    const row = store.rows.get(claim.id);
    return row?.state === "running" && row.token === claim.token ? row : undefined;
  }
}

/** Tells whether a message may run as far as its key goes, and takes its place. */
function takesPlace(topic: Settings, store: Store, { message: { id, key } }: Row): boolean {
  if (topic.perKey === 0 || key === undefined) return true;
  let places = store.places.get(key);
  if (places === undefined) store.places.set(key, (places = new Set()));
  if (!places.has(id) && places.size >= topic.perKey) return false;
  places.add(id);
  return true;
}

for (const type of [MemoryEngine, MemorySession]) refuseUnbound(type);
