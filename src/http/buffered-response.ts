import type { NodeResponse } from "./node.ts";
import type { OutgoingHttpHeaders } from "node:http";

type Callback = (error?: Error | null) => void;
type Chunk = string | Uint8Array;

/** The methods of a response that are replaced while it is held. */
interface Methods {
  write(chunk: Chunk, encoding?: BufferEncoding | Callback, callback?: Callback): boolean;
  end(chunk?: Chunk | Callback, encoding?: BufferEncoding | Callback, callback?: Callback): unknown;
  writeHead(...args: unknown[]): unknown;
  flushHeaders(): void;
}

/** Those that change headers, which nothing must do once another answer was sent. */
const headerMethods = ["setHeader", "setHeaders", "appendHeader", "removeHeader", "addTrailers"] as const;
const methods = ["write", "end", "writeHead", "flushHeaders", ...headerMethods];

/**
 * Holds back what is written to a response, until `end` is called on it, which sends it; or replaces it by another one.
 *
 * It is the response itself, with methods of its own meanwhile: so it stays what frameworks have made of it, and other
 * holders of it cannot get past.
 */
export class BufferedResponse {
  /** Resolves when the response has been sent. */
  readonly sent: Promise<void>;
  isSent = false;
  readonly #res: NodeResponse;
  /** The headers of those who came before the handler. */
  readonly #headers: OutgoingHttpHeaders;
  readonly #chunks: Uint8Array[] = [];
  #head: unknown[] | undefined;
  /** Whether it looks as if the headers had been sent. */
  #touched = false;
  #over = false;
  #whenSent: () => void = () => undefined;

  constructor(res: NodeResponse) {
    this.#res = res;
    this.#headers = { ...res.getHeaders() };
    this.sent = new Promise((resolve) => (this.#whenSent = resolve));
    replace(res, {
      write: (chunk, encoding, callback) => {
        const done = typeof encoding === "function" ? encoding : callback;
        this.#keep(chunk, encoding);
        if (done !== undefined) process.nextTick(done);
        return true;
      },
      end: (chunk, encoding, callback) => {
        const done = [chunk, encoding, callback].find((argument) => typeof argument === "function");
        if (chunk !== undefined && chunk !== null && typeof chunk !== "function") this.#keep(chunk, encoding);
        this.#send(done);
        return res;
      },
      writeHead: (...args) => {
        if (this.#head !== undefined) throw headersSent();
        this.#head = args;
        this.#touched = true;
        return res;
      },
      flushHeaders: () => {
        this.#touched = true;
      },
    });
    Object.defineProperty(res, "headersSent", { configurable: true, get: () => this.#touched });
  }

  /** Lets the response go as it is, without what was written; unless it was sent or replaced already. */
  release(): void {
    if (this.#over) return;
    this.#over = true;
    for (const name of [...methods, "headersSent"]) delete (this.#res as unknown as Record<string, unknown>)[name];
  }

  /** Sends another answer in place of what was written. All that is written from now on fails with `error`. */
  replace(status: number, body: string, error: Error): void {
    const res = this.#res;
    this.release();
    if (!res.writableEnded && !res.destroyed && !res.headersSent) {
      for (const name of res.getHeaderNames()) res.removeHeader(name);
      for (const [name, value] of Object.entries(this.#headers)) if (value !== undefined) res.setHeader(name, value);
      res.statusCode = status;
      if (body !== "" && !res.hasHeader("Content-Type")) res.setHeader("Content-Type", typeOf(body));
      res.end(body);
    }
    const fail = (...args: unknown[]): void => {
      const callback = args.find((argument) => typeof argument === "function") as Callback | undefined;
      if (callback !== undefined) process.nextTick(callback, error);
    };
    replace(res, {
      // Not false: that would make a pipe wait for ever.
      write: (...args) => (fail(...args), true),
      end: (...args) => (fail(...args), res),
      writeHead: () => res,
      flushHeaders: () => undefined,
    });
    for (const name of headerMethods) if (name in res) replace(res, { [name]: () => res });
  }

  #keep(chunk: Chunk, encoding: unknown): void {
    this.#touched = true;
    this.#chunks.push(
      typeof chunk === "string"
        ? Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8")
        : Buffer.from(chunk),
    );
  }

  #send(callback: Callback | undefined): void {
    this.release();
    this.isSent = true;
    const res = this.#res as unknown as Methods;
    if (this.#head !== undefined) res.writeHead(...this.#head);
    if (this.#chunks.length === 0) res.end(callback);
    else res.end(Buffer.concat(this.#chunks), callback);
    this.#whenSent();
  }
}

function replace(res: NodeResponse, methods: Partial<Methods>): void {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(res, name, { configurable: true, writable: true, value });
  }
}

/** As Go finds it out, of the two kinds that a message can be. */
function typeOf(body: string): string {
  return /^\s*</.test(body) ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
}

function headersSent(): Error {
  return Object.assign(new Error("Cannot write headers after they are sent to the client"), {
    code: "ERR_HTTP_HEADERS_SENT",
  });
}
