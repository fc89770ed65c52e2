import { cause, type Context } from "../context/context.ts";
import { watchEnd } from "../context/internal.ts";
import { describe } from "../runtime/arguments.ts";
import { onAbort } from "./abort.ts";
import { relay, withBody } from "./body.ts";
import { checkContext } from "./errors.ts";
import { Error as UrlError, withoutPassword } from "./url.ts";

const hostFetch = (input: string | URL | Request, init: RequestInit): Promise<Response> =>
  globalThis.fetch(input, init);

/**
 * Fetches like the host's `fetch`, under a context: when it ends, the connection is closed at once, during any phase of
 * the call (connecting, sending, waiting for the answer, reading its body). Mirrors Go's `Client.Do` with the context
 * of the request.
 *
 * If there is no answer, a {@link url.Error} is thrown, as in Go: `Get "http://localhost/": context deadline exceeded`.
 * It wraps the context's cause (`context.canceled`, `context.deadlineExceeded`, or the error that was given to the
 * cancel function), or what the host has thrown: use `errors.is`. Reading the body throws the cause itself. A signal in
 * `init`, or of a `Request`, is honored as well; its reason is thrown as it is.
 *
 * Once the body has been read to its end, canceled or garbage-collected, nothing is left on the context, and its end
 * has no effect. For a timeout pass a context with one, which covers the body too.
 *
 * @throws url.Error that wraps `context.cause(ctx)` once `ctx` has ended, which is checked before anything is sent; or
 * what the host's `fetch` throws.
 * @throws Error `net/http: nil Context`
 * @throws TypeError `http.fetch: the context must be a Context, got …`, or `http.fetch: the signal must be an
 * AbortSignal, got …`
 * @throws The reason of the given signal.
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
  const signal = init?.signal === undefined ? signalOf(input) : init.signal;
  checkSignal(signal);
  const call = new Call();
  call.follow(ctx, signal);
  let response: Response;
  try {
    call.signal.throwIfAborted();
    response = await hostFetch(input, { ...init, signal: call.signal });
  } catch (error) {
    call.over();
    throw call.isAbortedBySignal ? call.signal.reason : wrap(call.failure(error), input, init);
  }
  return call.guard(response);
}

/** Wraps an error as Go's client does, with the method and the URL. */
function wrap(error: unknown, input: string | URL | Request, init: RequestInit | undefined): UrlError {
  const request = typeof input === "object" && "url" in input ? input : undefined;
  const method = String(init?.method ?? request?.method ?? "GET");
  const op = method.slice(0, 1).toUpperCase() + method.slice(1).toLowerCase();
  const url = String(request?.url ?? input);
  return new UrlError(op, url, withoutSecret(error, url));
}

/** Replaces an error whose text has the URL's password: hosts refuse such URLs, and print them. */
function withoutSecret(error: unknown, url: string): unknown {
  const { message } = Object(error) as { message?: unknown };
  if (withoutPassword(url) === url || typeof message !== "string") return error;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const secrets = [url, parsed?.href, parsed?.password].filter((secret) => secret !== undefined && secret !== "");
  if (!secrets.some((secret) => message.includes(secret as string))) return error;
  return new TypeError("the URL includes credentials");
}

function checkSignal(signal: unknown): void {
  if (signal === undefined || signal === null) return;
  if (typeof (signal as Partial<AbortSignal>).addEventListener === "function") return;
  throw new TypeError(`http.fetch: the signal must be an AbortSignal, got ${describe(signal)}`);
}

function signalOf(input: unknown): AbortSignal | undefined {
  return typeof input === "object" && input !== null && "signal" in input ? (input.signal as AbortSignal) : undefined;
}

/**
 * One call, from its start to the end of the answer's body.
 *
 * It ends once: it is over (the answer was read, or there is none), or its context or signal ends it. Unregistering
 * from the context may notice that a deadline has passed, which must not end a call that is over.
 */
class Call {
  readonly #controller = new AbortController();
  /** Makes reading the body fail. A reference to the body itself would let the context keep it from being collected. */
  #failBody: ((reason: unknown) => void) | undefined;
  #unfollow: (() => void)[] = [];
  #isOver = false;
  isAbortedBySignal = false;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the call when the context ends, or the signal aborts. */
  follow(ctx: Context, signal: AbortSignal | undefined | null): void {
    const stop = watchEnd(ctx, false, () => this.#end(cause(ctx)));
    this.#unfollow.push(stop);
    if (signal === undefined || signal === null) return;
    const abort = (): void => {
      this.isAbortedBySignal = !this.#isOver;
      this.#end(signal.reason);
    };
    if (this.#isOver) return;
    if (signal.aborted) {
      abort();
      return;
    }
    this.#unfollow.push(onAbort(signal, abort));
  }

  /** Returns the response with a body that fails when the call does. Without a body the call is over. */
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
    // The call ended between the headers and this line.
    if (this.signal.aborted) fail(this.signal.reason);
    return withBody(response, stream);
  }

  /** Unregisters from the context and the signal. */
  over(): void {
    this.#isOver = true;
    const unfollow = this.#unfollow;
    this.#unfollow = [];
    for (const stop of unfollow) stop();
  }

  /** Returns why the call failed: after an abort the reason, because hosts throw different errors then. */
  failure(error: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : error;
  }

  #end(reason: unknown): void {
    if (this.#isOver) return;
    this.over();
    this.#controller.abort(reason);
    this.#failBody?.(reason);
  }
}
