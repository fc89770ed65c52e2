import { type Chan, chan, type Context, context, type ReceiveChan } from "gocsp";
import type { Key } from "gocsp/context";
import type { Clock } from "gocsp/runtime";
import { afterEach, expect, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

/** Makes each test of the file fail that leaves a goroutine or a fake timer behind. Ends fake time. */
export function expectNothingLeft(): void {
  expectNoGoroutinesLeft();
  afterEach(async () => {
    if (!vi.isFakeTimers()) return;
    await settle();
    const timers = vi.getTimerCount();
    vi.useRealTimers();
    expect(timers, "timers left behind by this test").toBe(0);
  });
}

/** Keeps the event loop from turning for some real milliseconds. */
export function spin(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

/** A clock that stands still until it is told to move; its timeouts ring then, or never if it is lazy. */
export class StandingClock implements Clock {
  readonly #lazy: boolean;
  readonly #timeouts = new Map<object, { at: number; callback: () => void }>();
  readonly #wall: number;
  #now = 0;

  constructor({ lazy = false, wall = 0 }: { lazy?: boolean; wall?: number } = {}) {
    this.#lazy = lazy;
    this.#wall = wall;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#wall + this.#now;
  }

  setTimeout(callback: () => void, delay: number): object {
    const timeout = {};
    this.#timeouts.set(timeout, { at: this.#now + delay, callback });
    return timeout;
  }

  clearTimeout(timeout: unknown): void {
    this.#timeouts.delete(timeout as object);
  }

  advance(by: number): void {
    this.#now += by;
    if (this.#lazy) return;
    for (const [timeout, { at, callback }] of this.#timeouts) {
      if (at <= this.#now && this.#timeouts.delete(timeout)) callback();
    }
  }
}

export function isClosed(ch: ReceiveChan<unknown>): boolean {
  return ch.tryReceive()?.ok === false;
}

/** What can be seen of a context's end, on one line. */
export function endOf(ctx: Context): string {
  const done = isClosed(ctx.done()) ? "closed" : "open";
  return `${ctx.err()?.message ?? "alive"}, ${context.cause(ctx)?.message ?? "no cause"}, done ${done}`;
}

export const alive = "alive, no cause, done open";
export const canceledPlainly = "context canceled, context canceled, done closed";
export const expiredPlainly = "context deadline exceeded, context deadline exceeded, done closed";

/** A user's context that embeds another one, as a Go struct does, and overrides nothing. */
export class Embedding implements Context {
  readonly inner: Context;

  constructor(inner: Context) {
    this.inner = inner;
  }

  deadline(): Date | undefined {
    return this.inner.deadline();
  }

  done(): ReceiveChan<never> {
    return this.inner.done();
  }

  err(): Error | undefined {
    return this.inner.err();
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return this.inner.value(key);
  }
}

/** A user's context that embeds another one but ends by its own channel, with its own error. */
export class OwnDone extends Embedding {
  readonly channel: Chan<never> = chan<never>();
  error: Error | undefined = undefined;

  override done(): ReceiveChan<never> {
    return this.channel;
  }

  override err(): Error | undefined {
    return this.error;
  }

  end(error: Error | undefined): void {
    this.error = error;
    this.channel.close();
  }
}

/** A user's context with a method `afterFunc`, which counts its registrations. */
export class Registering extends OwnDone {
  readonly registered: (() => void)[] = [];
  stops = 0;

  afterFunc(f: () => void): () => boolean {
    this.registered.push(f);
    return () => {
      this.stops++;
      const at = this.registered.indexOf(f);
      if (at >= 0) this.registered.splice(at, 1);
      return at >= 0;
    };
  }

  override end(error: Error): void {
    super.end(error);
    for (const f of this.registered.splice(0)) f();
  }
}
