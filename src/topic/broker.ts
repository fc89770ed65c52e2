import type { Context } from "../context/context.ts";
import { checkContext, errOf } from "../context/internal.ts";
import { checkFunction, describe } from "../runtime/arguments.ts";
import { bound } from "../runtime/async-context.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import type { Codec } from "./carry.ts";
import type { Engine, Listener, Session } from "./engine.ts";
import { errClosed } from "./errors.ts";
import { OneTopic } from "./queue.ts";
import type { Broker, OpenOptions, Topic, TopicOptions } from "./types.ts";

/**
 * Opens an engine: connects, and makes the topics of that engine. The broker has connections of its own, which no work of
 * handlers can hold up. `ctx` covers the connecting only. Go's counterpart is river's `NewClient`.
 *
 * @throws what the engine says if it cannot be reached
 * @throws TypeError `topic.open: the engine must be one of topic.memory(), postgres(…), jetstream(…), got …`
 *
 * @example
 * ```ts
 * await using broker = await topic.open(ctx, topic.memory());
 * const thumbnails = broker.topic<Job>("thumbnails", { maxAttempts: 5 });
 * await thumbnails.send(ctx, job);
 * ```
 */
export async function open(ctx: Context, engine: Engine, options: OpenOptions = {}): Promise<Broker> {
  checkContext("topic.open: the first argument", ctx);
  if (typeof (engine as Partial<Engine> | null | undefined)?.open !== "function") {
    // A string is not shown: there may be a password in it.
    const got = typeof engine === "string" ? "a string" : describe(engine);
    throw new TypeError(`topic.open: the engine must be one of topic.memory(), postgres(…), jetstream(…), got ${got}`);
  }
  const { onError } = options;
  if (onError !== undefined) checkFunction("topic.open: onError", onError);
  const end = errOf(ctx);
  if (end !== undefined) throw end;
  const broker = new OneBroker(engine, options.codecs ?? [], onError === undefined ? report : bound(onError));
  await broker.connect(ctx);
  return broker;
}

function report(what: string, error: unknown): void {
  console.error(`topic: ${what}: ${error instanceof Error ? error.message : String(error)}`);
}

class OneBroker implements Broker, Listener {
  readonly engine: Engine;
  readonly codecs: readonly Codec[];
  closed = false;
  readonly #topics = new Map<string, OneTopic<unknown>>();
  readonly #onError: (what: string, error: unknown) => void;
  #session: Session | undefined;
  #closing: Promise<void> | undefined;

  constructor(engine: Engine, codecs: readonly Codec[], onError: (what: string, error: unknown) => void) {
    this.engine = engine;
    this.codecs = codecs;
    this.#onError = onError;
  }

  async connect(ctx: Context): Promise<void> {
    this.#session = await this.engine.open(ctx, this);
  }

  get session(): Session {
    if (this.closed || this.#session === undefined) throw errClosed;
    return this.#session;
  }

  topic<T>(name: string, options: TopicOptions = {}): Topic<T> {
    if (this.closed) throw errClosed;
    let topic = this.#topics.get(name) as OneTopic<T> | undefined;
    if (topic === undefined) {
      topic = new OneTopic<T>(this, name, options);
      this.#topics.set(name, topic);
    } else if (!topic.agrees(options)) {
      throw new Error(`topic: ${describe(name)} has other options here already`);
    }
    return topic;
  }

  async shutdown(ctx: Context): Promise<void> {
    checkContext("topic: the first argument", ctx);
    for (const topic of this.#topics.values()) topic.stop();
    try {
      for (const topic of this.#topics.values()) await topic.wait(ctx);
    } finally {
      await this.close();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const session = this.#session;
    for (const topic of this.#topics.values()) topic.stop();
    this.closed = true;
    for (const topic of this.#topics.values()) topic.abandon();
    await session?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  wake(topic: string): boolean {
    return this.#topics.get(topic)?.wake() ?? false;
  }
  canceled(topic: string, id: string, reason: string): void {
    this.#topics.get(topic)?.canceled(id, reason);
  }
  check(): void {
    for (const topic of this.#topics.values()) topic.check();
  }
  failed(what: string, error: unknown): void {
    try {
      this.#onError(what, error);
    } catch (error) {
      report("onError", error);
    }
  }

  static {
    refuseUnbound(this);
  }
}
