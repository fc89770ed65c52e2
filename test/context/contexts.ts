import { type Chan, chan, type Context, context, type ReceiveChan } from "gocsp";
import type { Key } from "gocsp/context";
import { afterEach, expect, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

/** Makes a test fail that leaves a goroutine or a fake timer behind. Ends fake time. */
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
