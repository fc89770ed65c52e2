/** Bodies that tell when they are over, and responses that have one in place of their own. */

/** A part of the web's stream controllers. */
interface Failing {
  error(reason: unknown): void;
}

/** A body that passes another one on. */
export interface Relay {
  readonly stream: ReadableStream<Uint8Array>;
  /** Makes reading fail from now on. It does not keep the stream alive. */
  fail(reason: unknown): void;
}

/** Cancels the bodies that nobody can read any more, so that their connections are free. */
const lost = new FinalizationRegistry<() => void>((cancel) => cancel());

/**
 * Passes a body on, chunk by chunk as it is asked for, and calls `over` once: when it has been read to its end, has
 * failed or was canceled, or when nobody can read it any more.
 *
 * @param failure Turns what reading the body throws into what the reader gets.
 * @param ahead How many bytes are read before anybody asks for them.
 */
export function relay(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  over: () => void,
  failure: (error: unknown) => unknown = (error) => error,
  ahead = 0,
): Relay {
  const reader = body.getReader();
  let open = true;
  const token = {};
  const end = (): void => {
    if (!open) return;
    open = false;
    lost.unregister(token);
    over();
  };
  let controller: WeakRef<Failing> | undefined;
  const stream = new ReadableStream<Uint8Array>(
    {
      type: "bytes",
      start(started) {
        controller = new WeakRef<Failing>(started);
      },
      async pull(target) {
        let chunk: Uint8Array<ArrayBuffer> | undefined;
        try {
          // An empty chunk cannot be passed on, and is no end.
          do chunk = (await reader.read()).value;
          while (chunk?.byteLength === 0);
        } catch (error) {
          end();
          throw failure(error);
        }
        if (chunk !== undefined) {
          target.enqueue(chunk);
          return;
        }
        end();
        target.close();
        // A reader that brought its own buffer waits until it gets that back.
        (target as { byobRequest?: { respond(bytes: number): void } | null }).byobRequest?.respond(0);
      },
      async cancel(reason) {
        end();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: ahead },
  );
  // It must not hold the stream itself.
  lost.register(
    stream,
    () =>
      void reader
        .cancel()
        .catch(() => undefined)
        .then(end),
    token,
  );
  return { stream, fail: (reason) => controller?.deref()?.error(reason) };
}

/** Returns a response that differs from another one in its body only. */
export function withBody(response: Response, body: ReadableStream<Uint8Array>): Response {
  const { status, statusText, headers } = response;
  return likeness(new Response(body, { status, statusText, headers }), response);
}

/** Gives a response what the constructor cannot: where it came from. */
function likeness(response: Response, original: Response): Response {
  const { url, redirected, type } = original;
  const clone = (): Response => likeness(Response.prototype.clone.call(response), response);
  return Object.defineProperties(response, {
    url: { value: url, configurable: true },
    redirected: { value: redirected, configurable: true },
    type: { value: type, configurable: true },
    clone: { value: clone, configurable: true, writable: true },
  });
}
