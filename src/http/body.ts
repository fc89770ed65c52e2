/** Bodies that report when they are over, and responses whose body is replaced by one. */

/** The part of the web's stream controllers that is used. */
interface Failing {
  error(reason: unknown): void;
}

/** A body that passes another one on. */
export interface Relay {
  readonly stream: ReadableStream<Uint8Array>;
  /** Makes reading fail from now on. It does not keep the stream alive. */
  fail(reason: unknown): void;
}

/** Cancels bodies that have become unreachable, to release their connections. */
const lost = new FinalizationRegistry<() => void>((cancel) => cancel());

/**
 * Passes a body on, chunk by chunk on demand, and calls `over` once: when it has been read to its end, has failed, was
 * canceled, or has become unreachable.
 *
 * @param failure Converts the error of reading the body for the reader.
 * @param ahead How many bytes are read ahead of the reader.
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
          // An empty chunk is not the end, and cannot be enqueued.
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
        // A reader with a buffer of its own waits until the buffer is returned.
        (target as { byobRequest?: { respond(bytes: number): void } | null }).byobRequest?.respond(0);
      },
      async cancel(reason) {
        end();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: ahead },
  );
  // The callback must not refer to the stream, which would never be collected then.
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

/** Returns a copy of a response with another body. */
export function withBody(response: Response, body: ReadableStream<Uint8Array>): Response {
  const { status, statusText, headers } = response;
  return likeness(new Response(body, { status, statusText, headers }), response);
}

/** Sets the properties of a response that its constructor cannot: where it came from. */
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
