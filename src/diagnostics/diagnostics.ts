/// <reference lib="esnext.disposable" preserve="true" />

/**
 * Publishes what the library does on the host's `diagnostics_channel`, so OpenTelemetry, Sentry and Datadog see it
 * without patching. Go has no such package; its programs are wrapped by hand.
 *
 * Each kind of operation is a `TracingChannel` of Node: `tracingChannel("gocsp:sql.query")` has the channels `start`,
 * `end`, `asyncStart`, `asyncEnd` and `error`, and all five get the same object, one for each operation. A subscriber
 * may keep its span on it, and bind a store to `start`: what runs within the operation runs in that store. Each
 * operation that starts ends with `asyncEnd`, with `error` before it if it has failed.
 *
 * | Channel | Operation | Message |
 * | --- | --- | --- |
 * | `gocsp:http.request` | one call of the handler of `http.handler`, `http.Server` or `http.fetchHandler` | {@link RequestMessage} |
 * | `gocsp:sql.query` | one call of a method that goes to the database | {@link QueryMessage} |
 * | `gocsp:exec.command` | one process, from its start to the end of `wait` | {@link CommandMessage} |
 * | `gocsp:topic.deliver` | one delivery of a message, until it is settled | {@link DeliveryMessage} |
 * | `gocsp:goroutine` | one goroutine, from its first line to its end; needs {@link traceGoroutines} | {@link GoroutineMessage} |
 *
 * In Node from 20.16 on, Bun and Deno. Without subscribers no message is built.
 *
 * @module
 */

import { isThenable } from "../runtime/arguments.ts";
import { attach, isGoexit } from "../runtime/runtime.ts";
import { dispose } from "../runtime/symbols.ts";
import type { GoroutineMessage } from "./messages.ts";
import { Tracing } from "./tracing.ts";

export type { CommandMessage, DeliveryMessage, GoroutineMessage, QueryMessage, RequestMessage } from "./messages.ts";
export type { Outcome } from "./tracing.ts";

/**
 * Publishes goroutines on `tracing:gocsp:goroutine:…` until the result is disposed. Goroutines that already run are not
 * published. Without this call none are: the core of the library does not use the host's channels.
 *
 * Whoever needs it calls it: each goroutine is published once, and until all results are disposed.
 *
 * A goroutine starts in the asynchronous context of the line that says `go`, so its span is a child of the span there.
 * A panic is on the channel `error`, and then an uncaught error of the host as always: crash reporters see it once.
 * `goexit` is not an error.
 *
 * @example
 * ```ts
 * using _ = diagnostics.traceGoroutines();
 * ```
 */
export function traceGoroutines(): Disposable {
  let isDisposed = false;
  callers++;
  attached ??= attachTracing();
  return {
    [dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      if (--callers > 0) return;
      attached?.[dispose]();
      attached = undefined;
    },
  };
}

/** How many results of `traceGoroutines` are not disposed, and what they share. */
let callers = 0;
let attached: Disposable | undefined;

function attachTracing(): Disposable {
  const goroutines = new Tracing<GoroutineMessage>("goroutine");
  const trace = (id: number, f: () => unknown): unknown => {
    const message: GoroutineMessage = { id };
    let isOver = true;
    try {
      return goroutines.begin(message, () => {
        const result = f();
        if (!isThenable(result)) return result;
        isOver = false;
        return goroutines.over(message, result as PromiseLike<unknown>, isPanic);
      });
    } catch (thrown) {
      if (isPanic(thrown)) goroutines.fail(message, thrown);
      throw thrown;
    } finally {
      if (isOver) goroutines.settle(message, undefined);
    }
  };
  return attach({ run: (id, f) => (goroutines.wanted ? trace(id, f) : f()) });
}

function isPanic(thrown: unknown): boolean {
  return !isGoexit(thrown);
}
