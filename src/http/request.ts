import type { ReceiveChan } from "../chan/chan.ts";
import { background, type Context, type Key, withCancel } from "../context/context.ts";
import { showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { onAbort } from "./abort.ts";

/** The contexts of the web's requests: those that a handler was given, and those that were made with one. */
const contexts = new WeakMap<object, Context>();

/** Gives a request a context. */
export function bindRequest<R extends Request>(request: R, ctx: Context): R {
  contexts.set(request, ctx);
  return request;
}

/**
 * Returns the context of a request; if it has none so far, one that ends when its signal aborts. That one prints as the
 * background, which it is in Go: a request's signal cannot be asked whether it will ever abort.
 */
export function requestContext(request: Request): Context {
  const known = contexts.get(request);
  if (known !== undefined) return known;
  const [ctx] = cancelOnAbort(background(), request);
  const named = new RequestContext(ctx);
  contexts.set(request, named);
  return named;
}

/** A context that differs from the one inside by its name. */
class RequestContext implements Context {
  readonly #inner: Context;

  constructor(inner: Context) {
    this.#inner = inner;
  }

  deadline(): Date | undefined {
    return this.#inner.deadline();
  }

  done(): ReceiveChan<never> {
    return this.#inner.done();
  }

  err(): Error | undefined {
    return this.#inner.err();
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return this.#inner.value(key);
  }

  toString(): string {
    return String(background());
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }
}

/** Returns the context of a request, if it has one. */
export function knownContext(request: Request): Context | undefined {
  return contexts.get(request);
}

/**
 * Derives a context that ends as canceled when the signal of a request aborts, or when the result is called, which takes
 * the listener off. The signal's reason is not the cause: in Go a client that leaves is `context canceled` and no more.
 */
export function cancelOnAbort(parent: Context, request: Request): [ctx: Context, cancel: () => void] {
  const [ctx, cancel] = withCancel(parent);
  const signal = request.signal as AbortSignal | undefined;
  if (signal === undefined || signal === null) return [ctx, cancel];
  if (signal.aborted) {
    cancel();
    return [ctx, cancel];
  }
  const off = onAbort(signal, cancel);
  const end = (): void => {
    off();
    cancel();
  };
  return [ctx, end];
}
