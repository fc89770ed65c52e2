import { deadlineExceeded, withTimeout } from "../../context/context.ts";
import { watchEnd } from "../../context/internal.ts";
import { errHandlerTimeout } from "../../http/errors.ts";
import { type ReadCloser, type Result, writeString } from "../io/io.ts";
import { URL } from "../url/url.ts";
import { type Handler, handlerFunc } from "./handler.ts";
import { Header } from "./header.ts";
import { notFound } from "./mux.ts";
import type { Request } from "./request.ts";
import { checkStatus, type ResponseWriter } from "./response-writer.ts";

/** Returns a handler that takes a prefix off the path; without it the answer is 404. Mirrors Go's `http.StripPrefix`. */
export function stripPrefix(prefix: string, handler: Handler): Handler {
  if (prefix === "") return handler;
  return handlerFunc(async (w, r) => {
    const { path, rawPath } = r.url;
    if (!path.startsWith(prefix) || (rawPath !== "" && !rawPath.startsWith(prefix))) return notFound(w, r);
    const inner = r.withContext(r.context());
    inner.url = Object.assign(new URL(), r.url, {
      path: path.slice(prefix.length),
      rawPath: rawPath.slice(prefix.length),
    });
    return handler.serveHTTP(w, inner);
  });
}

/**
 * Returns a handler that answers with status 503 if another one takes longer than `duration` milliseconds; then its
 * context ends, and its writes return `errHandlerTimeout`. Mirrors Go's `http.TimeoutHandler`.
 */
export function timeoutHandler(handler: Handler, duration: number, message: string): Handler {
  const page = "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>";
  return handlerFunc(async (w, r) => {
    const [ctx, cancel] = withTimeout(r.context(), duration);
    const held = new TimeoutWriter();
    let late: () => void = () => undefined;
    const end = new Promise<"late">((resolve) => (late = () => resolve("late")));
    const stop = watchEnd(ctx, true, () => {
      held.err ??= ctx.err() === deadlineExceeded ? errHandlerTimeout : ctx.err();
      late();
    });
    try {
      const run = async (): Promise<"done"> => {
        await handler.serveHTTP(held, r.withContext(ctx));
        return "done";
      };
      const won = await Promise.race([run(), end]);
      if (won === "late" && held.err !== errHandlerTimeout) w.writeHeader(503);
      else if (won === "late") {
        w.writeHeader(503);
        await writeString(w, message || page);
      } else await held.copyTo(w);
    } finally {
      stop();
      cancel();
    }
  });
}

/** Holds back what a handler writes. */
class TimeoutWriter implements ResponseWriter {
  readonly #header = new Header();
  readonly #pieces: Uint8Array[] = [];
  #status = 0;
  err: Error | undefined;

  header(): Header {
    return this.#header;
  }

  writeHeader(status: number): void {
    checkStatus(status);
    if (this.err === undefined && this.#status === 0) this.#status = status;
  }

  write(p: Uint8Array): Result {
    if (this.err !== undefined) return [0, this.err];
    if (this.#status === 0) this.#status = 200;
    this.#pieces.push(p.slice());
    return [p.length, undefined];
  }

  async copyTo(w: ResponseWriter): Promise<void> {
    for (const [name, values] of this.#header.map) w.header().map.set(name, values);
    w.writeHeader(this.#status || 200);
    for (const piece of this.#pieces) await w.write(piece);
  }
}

/** The error of a body that is too large: `http.MaxBytesError`. */
export class MaxBytesError extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super("http: request body too large");
    this.limit = limit;
  }
}

/** Limits the body of a request: behind the limit reading returns a {@link MaxBytesError}. Mirrors `MaxBytesReader`. */
export function maxBytesReader(_w: ResponseWriter | undefined, body: ReadCloser, limit: number): ReadCloser {
  let left = limit;
  let err: Error | undefined;
  return {
    async read(p) {
      if (err !== undefined) return [0, err];
      if (p.length === 0) return [0, undefined];
      const [n, readErr] = await body.read(p.subarray(0, left + 1));
      if (n <= left) {
        left -= n;
        err = readErr;
        return [n, readErr];
      }
      const taken = left;
      left = 0;
      err = new MaxBytesError(limit);
      return [taken, err];
    },
    close: () => body.close(),
  };
}

/** Returns a handler that limits the bodies of requests. Mirrors Go's `http.MaxBytesHandler`. */
export function maxBytesHandler(handler: Handler, limit: number): Handler {
  return handlerFunc((w, r: Request) => {
    const inner = r.withContext(r.context());
    inner.body = maxBytesReader(w, r.body, limit);
    return handler.serveHTTP(w, inner);
  });
}
