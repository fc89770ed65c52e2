import { cause, type Context } from "../context/context.ts";
import { watchEnd } from "../context/propagate.ts";
import { onAbort } from "./abort.ts";
import { relay, withBody } from "./body.ts";
import { checkContext } from "./errors.ts";

const hostFetch = (input: string | URL | Request, init: RequestInit): Promise<Response> =>
  globalThis.fetch(input, init);

/**
 * Fetches like the host's `fetch`, under a context: when it ends, the connection is closed at once, wherever the call is
 * (connecting, sending, waiting for the answer, reading its body). Mirrors Go's `Client.Do` with the context of the
 * request.
 *
 * What is thrown is the context's cause itself: `context.canceled`, `context.deadlineExceeded`, or the error that was
 * given to the cancel function. (Go wraps it in a `*url.Error`; other failures are thrown as the host does.) Reading the
 * body throws the same. A signal in `init`, or of a `Request`, is honored as well. Nothing stays on the context once the
 * body has been read to its end, canceled or given up for the garbage collector; from then on its end does nothing. For
 * a timeout give a context with one, which covers the body too.
 *
 * @throws `context.cause(ctx)` once `ctx` has ended; it is checked first, before anything is sent.
 * @throws Error `net/http: nil Context`
 * @throws TypeError `http.fetch: the context must be a Context, got …`
 * @throws What the host's `fetch` throws, or the reason of the given signal.
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withTimeout(parent, 5 * time.second);
 * using _ = cancel;
 * const response = await http.fetch(ctx, url);
 * const users = await response.json();
 * ```
 */
export async function fetch(ctx: Context, input: string | URL | Request, init?: RequestInit): Promise<Response> {
  checkContext("http.fetch", ctx);
  const call = new Call();
  call.follow(ctx, init?.signal === undefined ? signalOf(input) : init.signal);
  let response: Response;
  try {
    call.signal.throwIfAborted();
    response = await hostFetch(input, { ...init, signal: call.signal });
  } catch (error) {
    call.over();
    throw call.failure(error);
  }
  return call.guard(response);
}

function signalOf(input: unknown): AbortSignal | undefined {
  return typeof input === "object" && input !== null && "signal" in input ? (input.signal as AbortSignal) : undefined;
}

/** One call, from the moment it is made to the end of the answer's body. */
class Call {
  readonly #controller = new AbortController();
  /** Makes reading the body fail. Not the body itself: the context would keep it from the garbage collector. */
  #failBody: ((reason: unknown) => void) | undefined;
  #unfollow: (() => void)[] = [];

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the call when the context ends, or the signal aborts. */
  follow(ctx: Context, signal: AbortSignal | undefined | null): void {
    const stop = watchEnd(ctx, false, () => this.#end(cause(ctx)));
    this.#unfollow.push(stop);
    if (signal === undefined || signal === null) return;
    const abort = (): void => this.#end(signal.reason);
    if (signal.aborted) {
      abort();
      return;
    }
    this.#unfollow.push(onAbort(signal, abort));
  }

  /** Returns the response with a body that fails as the call does; one without a body has nothing left to fail. */
  guard(response: Response): Response {
    const body = response.body as ReadableStream<Uint8Array<ArrayBuffer>> | null;
    if (body === null || response.status < 200) {
      this.over();
      return response;
    }
    const { stream, fail } = relay(
      body,
      () => this.over(),
      (error) => this.failure(error),
    );
    this.#failBody = fail;
    // It ended between the headers and this line.
    if (this.signal.aborted) fail(this.signal.reason);
    return withBody(response, stream);
  }

  /** Lets go of the context and the signal. */
  over(): void {
    const unfollow = this.#unfollow;
    this.#unfollow = [];
    for (const stop of unfollow) stop();
  }

  /** Returns why the call failed: not what the host makes of an abort, which differs from one to the other. */
  failure(error: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : error;
  }

  #end(reason: unknown): void {
    this.over();
    this.#controller.abort(reason);
    this.#failBody?.(reason);
  }
}
