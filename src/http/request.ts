import type { ReceiveChan } from "../chan/chan.ts";
import { background, type Context, type Key, withCancel } from "../context/context.ts";
import { showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { onAbort } from "./abort.ts";

/** The contexts of the web's requests: of those that a handler got, and of those that were made with a context. */
const contexts = new WeakMap<object, Context>();

/** Gives a request a context. */
export function bindRequest<R extends Request>(request: R, ctx: Context): R {
  contexts.set(request, ctx);
  return request;
}

/**
 * Returns the context of a request; if it has none so far, one that ends when its signal aborts. That one prints as the
 * background, as in Go: a request's signal does not show whether it will ever abort.
 */
export function requestContext(request: Request): Context {
  const known = contexts.get(request);
  if (known !== undefined) return known;
  const [ctx] = cancelOnAbort(background(), request);
  const named = new RequestContext(ctx);
  contexts.set(request, named);
  return named;
}

/** A context with another name than the one inside. */
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
 * Derives a context that ends as canceled when the signal of a request aborts, or when `cancel` is called, which
 * removes the listener. The signal's reason does not become the cause: in Go the cause of a client that leaves is
 * `context canceled`.
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
