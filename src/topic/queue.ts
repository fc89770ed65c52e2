import { type Chan, chan, type ReceiveChan } from "../chan/chan.ts";
import { afterFunc, background, cause, type Context, onEnd, withCancelCause } from "../context/context.ts";
import { canEnd, checkContext, deadlineOf, errOf } from "../context/internal.ts";
import { as } from "../errors/errors.ts";
import { checkFunction, describe } from "../runtime/arguments.ts";
import { bound } from "../runtime/async-context.ts";
import { isGoexit } from "../runtime/goexit.ts";
import { go } from "../runtime/goroutine.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { select } from "../select/select.ts";
import { errDBClosed } from "../sql/errors.ts";
import type { DB, Tx } from "../sql/sql.ts";
import { WaitGroup } from "../sync/sync.ts";
import { after, until } from "../time/time.ts";
import { type Codec, headersOf } from "./carry.ts";
import { next, specOf } from "./cron.ts";
import { checkDelay, type Home, type OneDelivery, told } from "./delivery.ts";
import type { DeadRecord, Engine, Message, Session, Settings } from "./engine.ts";
import { errClosed, JobCanceled, LeaseLost, UnknownOutcomeError } from "./errors.ts";
import { clock, Receiver } from "./receiver.ts";
import type { Dead, Delivery, Inspection, ReceiverOptions, SendOptions, Sent, Topic, TopicOptions } from "./types.ts";

const longest = 255;
const page = 100;
const batch = 500;

/** What a topic needs of its broker. */
export interface Owner {
  readonly engine: Engine;
  readonly session: Session;
  readonly codecs: readonly Codec[];
  readonly closed: boolean;
  failed(what: string, error: unknown): void;
}

/** A topic in this process: its receivers, and the leases of all that is out. */
export class OneTopic<T> implements Topic<T>, Home {
  readonly name: string;
  readonly settings: Settings;
  readonly backoff: (attempt: number) => number;
  /** Why nothing may be claimed now. */
  refuses: Error | undefined;
  readonly #maxSize: number;
  readonly #owner: Owner;
  readonly #receivers = new Set<Receiver<T>>();
  /** What is out. Of one id there may be several: one is ours, the others have lost their leases. */
  readonly #out = new Set<OneDelivery<T>>();
  readonly #byId = new Map<string, OneDelivery<T>>();
  readonly #kick: Chan<void> = chan<void>(1);
  #isKept = false;
  #beatNow = false;
  #isBeating = false;
  #isSweeping = false;
  /** When to do so next, on our own clock. */
  #nextBeat = 0;
  #nextSweep = 0;
  #declared: Promise<void> | undefined;

  constructor(owner: Owner, name: string, options: TopicOptions) {
    this.name = checkName(name);
    this.#owner = owner;
    const { lease, perKey, maxAttempts, keepDead, maxSize, backoff } = options;
    this.settings = {
      name,
      lease: finite("lease", atLeast("lease", lease ?? 30_000, 100)),
      perKey: perKey === undefined ? 0 : integer("perKey", perKey),
      maxAttempts: integer("maxAttempts", maxAttempts ?? 20),
      keepDead: atLeast("keepDead", keepDead ?? Infinity, 0),
    };
    this.#maxSize = integer("maxSize", maxSize ?? 1 << 20);
    const most = owner.engine.maxSize ?? Infinity;
    if (this.#maxSize > most) {
      throw new RangeError(`topic: maxSize must be ${most} bytes at most on ${owner.engine.name}, got ${maxSize}`);
    }
    if (backoff !== undefined) checkFunction("topic: backoff", backoff);
    this.backoff = backoff === undefined ? defaultBackoff : bound(backoff);
    if (this.settings.perKey > 0 && !owner.engine.keyed) {
      throw new Error(`topic: ${owner.engine.name} has no order by key: perKey cannot be kept`);
    }
  }

  get session(): Session {
    return this.#owner.session;
  }
  get codecs(): readonly Codec[] {
    return this.#owner.codecs;
  }
  get engineName(): string {
    return this.#owner.engine.name;
  }
  get transactions(): boolean {
    return this.#owner.engine.transactions;
  }
  /** Whether an attempt that was given back does not count. */
  get givesBackFree(): boolean {
    return this.#owner.engine.givesBackFree !== false;
  }
  get closed(): boolean {
    return this.#owner.closed;
  }
  failed(what: string, error: unknown): void {
    this.#owner.failed(`${what} (${this.name})`, error);
  }

  /** Tells whether the options are those with which the topic was made. */
  agrees(options: TopicOptions): boolean {
    const { settings } = this;
    const { lease, perKey, maxAttempts, keepDead, maxSize } = options;
    return (
      settings.lease === (lease ?? settings.lease) &&
      settings.perKey === (perKey ?? settings.perKey) &&
      settings.maxAttempts === (maxAttempts ?? settings.maxAttempts) &&
      settings.keepDead === (keepDead ?? settings.keepDead) &&
      this.#maxSize === (maxSize ?? this.#maxSize)
    );
  }

  /** Resolves when the engine knows the topic. */
  ready(): Promise<void> {
    if (this.closed) return Promise.reject(errClosed);
    if (this.#declared !== undefined) return this.#declared;
    const declared = this.session.declare(this.settings);
    this.#declared = declared;
    declared.catch(() => void (this.#declared = undefined));
    return declared;
  }

  async send(ctx: Context, value: T, options: SendOptions = {}): Promise<Sent> {
    checkContext("topic: the first argument", ctx);
    const end = errOf(ctx);
    if (end !== undefined) throw end;
    const message = this.#message(ctx, value, options);
    const [sent] = await this.#send(ctx, [message], options.tx);
    if (options.inheritCancel === true) this.#cancelWith(ctx, message.id);
    return sent as Sent;
  }

  /** Cancels a message when a context ends. */
  #cancelWith(ctx: Context, id: string): void {
    afterFunc(ctx, () => {
      const reason = cause(ctx)?.message ?? "the sender's context has ended";
      this.cancel(background(), id, reason).catch((error: unknown) => this.failed("cancel", error));
    });
  }

  async sendAll(
    ctx: Context,
    messages: readonly (readonly [value: T, options?: SendOptions])[],
    tx?: Tx,
  ): Promise<Sent[]> {
    checkContext("topic: the first argument", ctx);
    if (!Array.isArray(messages) || !messages.every((pair) => Array.isArray(pair))) {
      throw new TypeError(`topic: sendAll takes a list of [value, options?], got ${describe(messages)}`);
    }
    if (messages.some(([, options]) => options?.tx !== undefined && options.tx !== tx)) {
      throw new TypeError("topic: sendAll takes the transaction as its third argument, for all messages");
    }
    const all = messages.map(([value, options]) => this.#message(ctx, value as T, options ?? {}));
    const sent: Sent[] = [];
    for (let i = 0; i < all.length; i += batch) {
      const end = errOf(ctx);
      if (end !== undefined) throw end;
      sent.push(...(await this.#send(ctx, all.slice(i, i + batch), tx)));
      for (let j = i; j < sent.length; j++) {
        if (messages[j]?.[1]?.inheritCancel === true) this.#cancelWith(ctx, (sent[j] as Sent).id);
      }
    }
    return sent;
  }

  async #send(ctx: Context, messages: Message[], tx: Tx | undefined): Promise<Sent[]> {
    const results = (duplicates: readonly boolean[]): Sent[] =>
      messages.map(({ id }, i) => ({ id, duplicate: duplicates[i] === true }));
    if (this.closed) throw errClosed;
    if (tx !== undefined) {
      if (!this.transactions) throw new Error(`topic: ${this.engineName} has no transactions: { tx } cannot be kept`);
      if (typeof (tx as Partial<Tx> | null)?.commit !== "function") {
        throw new TypeError(`topic: tx must be a transaction of gocsp/sql, got ${describe(tx)}`);
      }
      await this.ready();
      return results(await this.session.send(this.settings, messages, tx, ctx));
    }
    const work = this.ready().then(() => this.session.send(this.settings, messages));
    return results(await giveUpAt(ctx, work, () => new UnknownOutcomeError((messages[0] as Message).id, errOf(ctx))));
  }

  #message(ctx: Context, value: T, options: SendOptions): Message {
    const { id, key, delay = 0, deadline } = options;
    const json = this.#encode(value);
    checkDelay(delay);
    const end = deadline === true ? deadlineOf(ctx) : undefined;
    return {
      id: id === undefined ? this.session.newId() : checkId("id", id),
      key: key === undefined ? undefined : checkId("key", key),
      delay,
      expires: end === undefined ? undefined : until(end),
      headers: headersOf(ctx, this.codecs),
      value: json,
    };
  }

  #encode(value: T): string {
    const json = encode(value);
    const size = byteLength(json);
    if (size > this.#maxSize) {
      throw new RangeError(
        `topic: the value has ${size} bytes of JSON, more than the maxSize ${this.#maxSize} of ${describe(this.name)}`,
      );
    }
    return json;
  }

  receiver(ctx: Context, options: ReceiverOptions = {}): ReceiveChan<Delivery<T>> {
    return this.#receiver(ctx, options, false);
  }

  /** `isPrompt` says that whoever receives comes back at once. */
  #receiver(ctx: Context, options: ReceiverOptions, isPrompt: boolean): ReceiveChan<Delivery<T>> {
    checkContext("topic: the first argument", ctx);
    if (this.closed) throw errClosed;
    const receiver = new Receiver(
      this,
      ctx,
      integer("concurrency", options.concurrency ?? 1),
      atLeast("timeout", options.timeout ?? Infinity, 0),
      atLeast("grace", options.grace ?? 25_000, 0),
      isPrompt,
    );
    this.#receivers.add(receiver);
    if (!this.#isKept) {
      this.#isKept = true;
      go(() => this.#keep());
    }
    return receiver.out;
  }

  async handle(
    ctx: Context,
    options: ReceiverOptions,
    f: (ctx: Context, value: T, delivery: Delivery<T>) => unknown,
  ): Promise<void> {
    checkFunction("topic: handle", f);
    await this.#handle(ctx, options, async (d) => {
      await f(d.ctx, d.value, d);
      if (!d.settled) await d.ack();
    });
  }

  async handleTx(
    ctx: Context,
    options: ReceiverOptions,
    db: DB,
    f: (ctx: Context, tx: Tx, value: T, delivery: Delivery<T>) => unknown,
  ): Promise<void> {
    checkFunction("topic: handleTx", f);
    if (!this.transactions) throw new Error(`topic: ${this.engineName} has no transactions: handleTx cannot be kept`);
    if (typeof (db as Partial<DB> | null | undefined)?.beginTx !== "function") {
      throw new TypeError(`topic: handleTx takes a database of gocsp/sql, got ${describe(db)}`);
    }
    const [own, stop] = withCancelCause(ctx);
    const begin = async (d: OneDelivery<T>): Promise<Tx> => {
      try {
        return await db.beginTx(d.ctx);
      } catch (error) {
        // No job is to blame, and none would fare better.
        if (error === errDBClosed) {
          stop(errDBClosed);
          await d.giveBack();
        }
        throw error;
      }
    };
    let isClosed = false;
    try {
      await this.#handle(own, options, async (d) => {
        await using tx = await begin(d);
        await f(d.ctx, tx, d.value, d);
        if (!d.settled) await d.ack(tx);
        if (d.state === "pending") await tx.commit();
      });
    } finally {
      isClosed = cause(own) === errDBClosed;
      stop(undefined);
    }
    if (isClosed) throw errDBClosed;
  }

  async #handle(ctx: Context, options: ReceiverOptions, work: (d: OneDelivery<T>) => Promise<void>): Promise<void> {
    const running = new WaitGroup();
    for await (const d of this.#receiver(ctx, options, true)) {
      running.go(async () => {
        const delivery = d as OneDelivery<T>;
        try {
          await work(delivery);
        } catch (thrown) {
          await this.#handleFailure(delivery, thrown);
          if (isGoexit(thrown)) throw thrown;
        }
      });
    }
    await running.wait();
  }

  /** Settles what a handler has failed with; says so where the failure is not the handler's. */
  async #handleFailure(d: OneDelivery<T>, thrown: unknown): Promise<void> {
    try {
      // After a transaction whose outcome is not known the engine has to be asked.
      if (d.state === "pending") await d[Symbol.asyncDispose]();
      else if (d.state === "open") await d.nack(undefined, thrown);
      else if (as(thrown, LeaseLost) === undefined && thrown !== errClosed && thrown !== errDBClosed)
        this.failed("handle", thrown);
    } catch (error) {
      if (error !== errClosed) this.failed("nack", error);
    }
  }

  async cancel(ctx: Context, id: string, reason = "canceled"): Promise<boolean> {
    checkId("id", id);
    if (typeof reason !== "string") throw new TypeError(`topic: the reason must be a string, got ${describe(reason)}`);
    return this.#ask(ctx, () => this.session.cancel(this.settings, id, (told(reason) ?? "").slice(0, 500)));
  }

  async wait(ctx: Context): Promise<void> {
    checkContext("topic: the first argument", ctx);
    for (const receiver of this.#receivers) await receiver.finished.receive(ctx);
  }

  async schedule(...args: [Context, string, number | string, T] | [string, number | string, T]): Promise<void> {
    const [ctx, name, when, value] = typeof args[0] === "string" ? [background(), ...args] : args;
    checkId("name", name as string);
    const spec = specOf(when);
    const json = this.#encode(value as T);
    const headers = headersOf(ctx as Context, this.codecs);
    await this.#ask(ctx as Context, () =>
      this.session.schedule(this.settings, name as string, spec, next, json, headers),
    );
    // A receiver here must not sleep beyond the first time.
    this.check();
  }

  unschedule(ctx: Context, name: string): Promise<boolean> {
    return this.#ask(ctx, () => this.session.unschedule(this.settings, checkId("name", name)));
  }

  inspect(ctx: Context): Promise<Inspection> {
    return this.#ask(ctx, () => this.session.counts(this.settings));
  }

  async *dead(ctx: Context): AsyncGenerator<Dead<T>, undefined> {
    for (let last: DeadRecord | undefined; ;) {
      const before = last;
      const records = await this.#ask(ctx, () => this.session.dead(this.settings, page, before));
      for (const { id, key, value, attempt, reason, error, sentAt, deadAt } of records) {
        yield { id, key, value: decode(value) as T, attempt, reason, error, sentAt, deadAt };
      }
      if (records.length < page) return undefined;
      last = records.at(-1);
    }
  }

  redrive(ctx: Context, id?: string): Promise<number> {
    return this.#ask(ctx, () => this.session.redrive(this.settings, id === undefined ? id : checkId("id", id)));
  }

  async purge(ctx: Context, what: "dead" | "waiting"): Promise<number> {
    if (what !== "dead" && what !== "waiting") {
      throw new TypeError(`topic: purge takes "dead" or "waiting", got ${describe(what)}`);
    }
    return this.#ask(ctx, () => this.session.purge(this.settings, what));
  }

  /** Asks the engine; the end of the context ends the waiting. */
  async #ask<R>(ctx: Context, f: () => Promise<R>): Promise<R> {
    checkContext("topic: the first argument", ctx);
    const end = errOf(ctx);
    if (end !== undefined) throw end;
    return giveUpAt(ctx, this.ready().then(f), () => errOf(ctx) as Error);
  }

  // What follows is for the broker, the receivers and the deliveries.

  /** Messages may be ready. Tells whether a receiver is about to claim. */
  wake(): boolean {
    let any = false;
    for (const receiver of this.#receivers) any = receiver.wake() || any;
    return any;
  }

  /** A message of a key was settled here. */
  settled(): void {
    this.wake();
  }

  /** Somebody has canceled a message that may be out here. */
  canceled(id: string, reason: string): void {
    this.#byId.get(id)?.end(new JobCanceled(reason));
  }

  /** Something may have been missed. */
  check(): void {
    this.#beatNow = true;
    this.#kick.trySend();
    this.wake();
  }

  enter(d: OneDelivery<T>): void {
    this.#out.add(d);
    this.#byId.set(d.id, d);
    if (this.#out.size === 1) this.#kick.trySend();
  }

  leave(d: OneDelivery<T>): void {
    this.#out.delete(d);
    if (this.#byId.get(d.id) === d) this.#byId.delete(d.id);
  }

  /** Drops a receiver that has ended; tells whether it was there. */
  forget(receiver: Receiver<T>): boolean {
    if (!this.#receivers.delete(receiver)) return false;
    this.#kick.trySend();
    return true;
  }

  stop(): void {
    for (const receiver of this.#receivers) receiver.stop();
  }

  abandon(): void {
    for (const d of this.#out) d.abandon();
  }

  /**
   * Keeps the leases of what is out, and has the engine look for those of others that have ended. Nothing is awaited here but the
   * time: an engine that does not answer must not keep contexts from ending when their leases do.
   */
  async #keep(): Promise<void> {
    const { lease } = this.settings;
    this.#nextBeat = clock() + lease / 3;
    this.#nextSweep = clock();
    while (this.#receivers.size > 0) {
      this.#expire();
      const now = clock();
      if (this.closed) this.#nextSweep = Infinity;
      if (!this.#isBeating && (this.#beatNow || (this.#out.size > 0 && now >= this.#nextBeat))) {
        this.#isBeating = true;
        go(() => this.#beatOnce());
      }
      if (!this.#isSweeping && now >= this.#nextSweep) {
        this.#isSweeping = true;
        go(() => this.#sweepOnce());
      }
      let wake = this.#isSweeping ? Infinity : this.#nextSweep;
      if (!this.#isBeating && this.#out.size > 0) wake = Math.min(wake, this.#nextBeat);
      for (const d of this.#out) if (d.ctx.err() === undefined) wake = Math.min(wake, d.expires + 1);
      const wait = wake === Infinity ? undefined : after(Math.max(wake - clock(), 0));
      await select({ kick: this.#kick, wait });
    }
    this.#isKept = false;
  }

  async #beatOnce(): Promise<void> {
    const { lease } = this.settings;
    const isAsked = this.#beatNow;
    this.#beatNow = false;
    const start = clock();
    this.#nextBeat = start + ((await this.#beat(isAsked)) ? lease / 3 : lease / 12);
    if (isAsked) this.#nextSweep = 0;
    this.#isBeating = false;
    this.#kick.trySend();
  }

  async #sweepOnce(): Promise<void> {
    this.#nextSweep = Infinity;
    const pause = await this.#sweep();
    // Somebody may have asked for one meanwhile.
    this.#nextSweep = Math.min(this.#nextSweep, clock() + pause);
    this.#isSweeping = false;
    this.#kick.trySend();
  }

  /** Ends what our own clock says is lost: the engine may be out of reach, and others are not. */
  #expire(): void {
    const now = clock();
    for (const d of this.#out) if (now > d.expires) d.end(new LeaseLost(d.id));
  }

  /** Extends what is out, but for what is young: most of that will be settled before it matters. */
  async #beat(all: boolean): Promise<boolean> {
    const { lease } = this.settings;
    const start = clock();
    const due = [...this.#out].filter(
      (d) => (all || d.expires - start < 0.7 * lease) && d.state !== "settled" && start <= d.expires,
    );
    if (due.length === 0) return true;
    try {
      const standings = await this.session.extend(
        this.settings,
        due.map((d) => d.claim),
      );
      due.forEach((d, i) => d.stands(standings[i], start));
      return true;
    } catch (error) {
      if (error !== errClosed) this.failed("extend", error);
      return false;
    }
  }

  async #sweep(): Promise<number> {
    try {
      await this.ready();
      const { pause, refuses } = await this.session.sweep(this.settings, next);
      this.refuses = refuses;
      return pause;
    } catch (error) {
      if (error !== errClosed) this.failed("sweep", error);
      return 1000;
    }
  }

  static {
    refuseUnbound(this);
  }
}

/** Settles as `work` does, or when `ctx` ends, which `work` does not hear of. */
function giveUpAt<R>(ctx: Context, work: Promise<R>, end: () => Error): Promise<R> {
  if (!canEnd(ctx)) return work;
  return new Promise((resolve, reject) => {
    const unwatch = onEnd(ctx, () => reject(end()));
    work.then(resolve, reject).finally(unwatch);
  });
}

function defaultBackoff(attempt: number): number {
  return Math.min(1000 * 2 ** (attempt - 1), 3_600_000) * (0.75 + Math.random() / 2);
}

function encode(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value, carried);
  } catch (error) {
    throw new TypeError(`topic: the value must be JSON: ${(error as Error).message}`, { cause: error });
  }
  if (json === undefined) throw new TypeError(`topic: the value must be JSON: ${describe(value)} is none`);
  return json;
}

/** Refuses what JSON would change into something else without a word, as Go's does. */
function carried(this: unknown, name: string, value: unknown): unknown {
  // What has a form of its own comes in that form: a Date that is none comes as null. Nothing else is read twice.
  const own = value === null ? (this as Record<string, unknown>)[name] : undefined;
  if (own instanceof Date) throw new TypeError(`Invalid Date${name === "" ? "" : ` in ${describe(name)}`} is none`);
  const isLost =
    typeof value === "number"
      ? !Number.isFinite(value)
      : typeof value === "object"
        ? value !== null && lossy.some((type) => value instanceof type)
        : typeof value === "function" || typeof value === "symbol" || (value === undefined && Array.isArray(this));
  if (isLost && name !== "") throw new TypeError(`${describe(value)} in ${describe(name)} is none`);
  if (isLost) throw new TypeError(`${describe(value)} is none`);
  return value;
}

/** Whose contents JSON does not see, or takes for something else. */
const lossy = [
  Map,
  Set,
  WeakMap,
  WeakSet,
  Promise,
  RegExp,
  Error,
  ArrayBuffer,
  DataView,
  Object.getPrototypeOf(Uint8Array),
] as (new (...args: never[]) => object)[];

/** What somebody wrote beside us may be no JSON: then it is dead, and its text is all there is. */
function decode(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Counts the bytes of a text in UTF-8. */
function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7ff) bytes += code >= 0xd800 && code < 0xe000 ? 1 : 2;
    else if (code > 0x7f) bytes++;
  }
  return bytes;
}

function checkName(name: string): string {
  if (typeof name === "string" && /^[\w.-]{1,100}$/.test(name)) return name;
  const rule = 'the name must have 1 to 100 letters, digits, "_", "-" or "."';
  throw new RangeError(`topic: ${rule}, got ${describe(name)}`);
}

function checkId(what: string, id: string): string {
  if (typeof id !== "string" || id === "" || id.length > longest) {
    const got = typeof id === "string" ? (id === "" ? "none" : String(id.length)) : describe(id);
    throw new RangeError(`topic: the ${what} must have 1 to ${longest} characters, got ${got}`);
  }
  if (id.split("").some((unit) => unit < " ") || /[\ud800-\udfff]/u.test(id)) {
    throw new RangeError(`topic: the ${what} must have no control characters and no halves of characters`);
  }
  return id;
}

function integer(what: string, n: number): number {
  if (Number.isInteger(n) && n >= 1) return n;
  throw new RangeError(`topic: ${what} must be an integer of at least 1, got ${describe(n)}`);
}

function finite(what: string, n: number): number {
  if (n <= 86_400_000) return n;
  throw new RangeError(`topic: ${what} must be a day at most, got ${describe(n)} milliseconds`);
}

function atLeast(what: string, n: number, least: number): number {
  if (typeof n === "number" && n >= least) return n;
  throw new RangeError(`topic: ${what} must be a number of milliseconds of at least ${least}, got ${describe(n)}`);
}
