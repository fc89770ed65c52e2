import { abort, setStatus } from "./answer.ts";
import { http2Stream, type NodeResponse } from "./node.ts";
import type { OutgoingHttpHeaders } from "node:http";

type Callback = (error?: Error | null) => void;
type Chunk = string | Uint8Array;
type Method = (...args: unknown[]) => unknown;

/** The methods that change headers. */
const headerMethods = ["setHeader", "setHeaders", "appendHeader", "removeHeader", "addTrailers"] as const;

/**
 * What happens to a call of one of the response's methods: it is held back, it passes through to the method below, or
 * it fails because another answer was sent.
 */
type Mode = "holding" | "passing" | "replaced";

/**
 * Holds back what is written to a response until `end` is called on it, which sends it, or until another answer
 * replaces it.
 *
 * It puts methods of its own in front of the response's: so the response stays the object that frameworks have
 * extended, and no other holder of it can bypass the buffer. The methods below may be a library's (compression, a
 * session, another BufferedResponse), and a library may put others on top: then ours stay in place and pass calls
 * through.
 */
export class BufferedResponse {
  /** Resolves when the response has been sent. */
  readonly sent: Promise<void>;
  isSent = false;
  readonly #res: NodeResponse;
  /** The headers that were set before the handler, with their names as they were written. */
  readonly #headers: [name: string, value: OutgoingHttpHeaders[string]][];
  readonly #statusMessage: string | undefined;
  readonly #chunks: Uint8Array[] = [];
  readonly #uninstall: (() => void)[] = [];
  /** The response's methods from before, Node's or a library's. */
  readonly #below = new Map<string, Method>();
  /** Tells whether the headers have really been sent. */
  readonly #isBegun: () => boolean;
  #mode: Mode = "holding";
  /** The error of writes in the mode "replaced". */
  #error: Error | undefined;
  #head: [status: number, message: string | undefined] | undefined;
  /** The value of `headersSent` while holding: without the buffer the headers would have been sent. */
  #touched = false;
  #whenSent: () => void = () => undefined;

  constructor(res: NodeResponse) {
    this.#res = res;
    // HTTP/2 has lower case only. Node's types lack the method for HTTP/1.
    const names = (res as { getRawHeaderNames?(): string[] }).getRawHeaderNames?.() ?? res.getHeaderNames();
    this.#headers = names.map((name) => [name, res.getHeader(name)]);
    this.#statusMessage = this.#ownStatusMessage();
    const own = Object.getOwnPropertyDescriptor(res, "headersSent");
    this.#isBegun = (): boolean =>
      (own?.get === undefined
        ? Reflect.get(Object.getPrototypeOf(res) as object, "headersSent", res)
        : own.get.call(res)) as boolean;
    this.sent = new Promise((resolve) => (this.#whenSent = resolve));
    this.#install("write", (...args) => this.#write(args), true);
    this.#install("end", (...args) => this.#end(args), res);
    this.#install("writeHead", (...args) => this.#writeHead(args), res);
    this.#install("flushHeaders", () => void (this.#touched = true), undefined);
    for (const name of headerMethods) if (name in res) this.#install(name, undefined, res);
    this.#installHeadersSent();
  }

  /** Stops holding, and drops what was written, unless the response was sent or replaced already. */
  release(): void {
    if (this.#mode !== "holding") return;
    this.#mode = "passing";
    this.#uninstallAll();
  }

  /**
   * Sends another answer instead of what was written; aborts a response that was sent in part. Later writes fail with
   * `error`. It returns what the methods of the response throw instead of throwing it: it is called when a context
   * ends, and a canceler must not get that error.
   */
  replace(status: number, body: string, error: Error): unknown {
    const res = this.#res;
    this.#mode = "passing";
    try {
      if (res.writableEnded || res.destroyed) return undefined;
      if (this.#isBegun()) {
        abort(res);
        return undefined;
      }
      const before = new Set(this.#headers.map(([name]) => name.toLowerCase()));
      for (const name of res.getHeaderNames()) if (!before.has(name)) this.#call("removeHeader", name);
      for (const [name, value] of this.#headers) this.#call("setHeader", name, value);
      if (body !== "" && !before.has("content-type")) this.#call("setHeader", "Content-Type", typeOf(body));
      this.#call("setHeader", "Content-Length", Buffer.byteLength(body));
      setStatus(res, status, this.#statusMessage);
      // `end` alone would call the topmost `writeHead`, which may be the handler's and belong to its own answer.
      this.#call("writeHead", status);
      this.#call("end", body);
      return undefined;
    } catch (thrown) {
      abort(res);
      return thrown;
    } finally {
      this.#mode = "replaced";
      this.#error = error;
    }
  }

  /** Puts a method in front of the response's own. Without `held`, calls pass through except in the mode "replaced". */
  #install(name: string, held: Method | undefined, result: unknown): void {
    const res = this.#res as unknown as Record<string, unknown>;
    const below = res[name] as Method;
    this.#below.set(name, below);
    const method: Method = (...args) => {
      if (this.#mode === "replaced") return this.#fail(args, result);
      if (this.#mode === "holding" && held !== undefined) return held(...args);
      return below.apply(res, args);
    };
    this.#define(name, { configurable: true, writable: true, value: method });
  }

  #call(name: string, ...args: unknown[]): unknown {
    return this.#below.get(name)?.apply(this.#res, args);
  }

  #installHeadersSent(): void {
    const get = (): boolean => (this.#mode === "holding" ? this.#touched : this.#isBegun());
    this.#define("headersSent", { configurable: true, get });
  }

  #define(name: string, descriptor: PropertyDescriptor): void {
    const res = this.#res;
    const below = Object.getOwnPropertyDescriptor(res, name);
    Object.defineProperty(res, name, descriptor);
    this.#uninstall.push(() => {
      const now = Object.getOwnPropertyDescriptor(res, name);
      if (now?.value !== descriptor.value || now?.get !== descriptor.get) return;
      if (below === undefined) Reflect.deleteProperty(res, name);
      else Object.defineProperty(res, name, below);
    });
  }

  #uninstallAll(): void {
    for (const uninstall of this.#uninstall.splice(0)) uninstall();
  }

  #write([chunk, encoding, callback]: unknown[]): boolean {
    this.#keep(chunk as Chunk, encoding);
    const done = typeof encoding === "function" ? encoding : callback;
    if (typeof done === "function") process.nextTick(done);
    return true;
  }

  #end(args: unknown[]): unknown {
    const [chunk, encoding] = args;
    const before = this.#chunks.length;
    const touched = this.#touched;
    if (chunk !== undefined && chunk !== null && typeof chunk !== "function") this.#keep(chunk as Chunk, encoding);
    try {
      this.#send(args.find((argument) => typeof argument === "function") as Callback | undefined);
    } catch (error) {
      // As with Node's own, an `end` that throws has not taken its chunk.
      this.#chunks.length = before;
      this.#touched = touched;
      throw error;
    }
    return this.#res;
  }

  /**
   * Takes what Node's `writeHead` takes, and refuses what that would refuse, while it can still throw to the caller.
   */
  #writeHead([status, ...rest]: unknown[]): unknown {
    if (this.#head !== undefined) throw headersSent();
    const message = typeof rest[0] === "string" ? rest.shift() : this.#ownStatusMessage();
    const headers = rest.find((argument) => typeof argument === "object" && argument !== null);
    const code = Math.trunc(Number(status)) || 0;
    this.#checkStatus(code, message);
    if (headers !== undefined) this.#setHeaders(headers as OutgoingHttpHeaders | unknown[]);
    this.#head = [code, message as string | undefined];
    setStatus(this.#res, ...this.#head);
    this.#touched = true;
    return this.#res;
  }

  #ownStatusMessage(): string | undefined {
    return http2Stream(this.#res) === undefined ? this.#res.statusMessage : undefined;
  }

  #checkStatus(code: number, message: unknown): void {
    // The setter of HTTP/2 checks the status, and there is no text.
    if (http2Stream(this.#res) !== undefined) return;
    if (!(code >= 100 && code <= 999)) {
      throw Object.assign(new RangeError(`Invalid status code: ${code}`), { code: "ERR_HTTP_INVALID_STATUS_CODE" });
    }
    if (typeof message === "string" && /[^\t\x20-\x7e\x80-\xff]/.test(message)) {
      throw Object.assign(new TypeError("Invalid character in statusMessage"), { code: "ERR_INVALID_CHAR" });
    }
  }

  /** Sets headers in one of the forms of `writeHead`: an object, a flat list of names and values, a list of pairs. */
  #setHeaders(headers: OutgoingHttpHeaders | unknown[]): void {
    const res = this.#res;
    if (!Array.isArray(headers)) {
      for (const [name, value] of Object.entries(headers)) if (name !== "") res.setHeader(name, value as string);
      return;
    }
    const flat = headers.flatMap((entry) => (Array.isArray(entry) ? (entry as unknown[]).slice(0, 2) : [entry]));
    if (flat.length % 2 !== 0) {
      throw Object.assign(new TypeError("The argument 'headers' is invalid: a name without a value"), {
        code: "ERR_INVALID_ARG_VALUE",
      });
    }
    // A name that is given twice is sent twice.
    const values = new Map<string, unknown[]>();
    for (let i = 0; i < flat.length; i += 2) {
      const name = String(flat[i]);
      values.set(name, [...(values.get(name) ?? []), ...[flat[i + 1]].flat()]);
    }
    for (const [name, list] of values) res.setHeader(name, (list.length === 1 ? list[0] : list) as string);
  }

  #keep(chunk: Chunk, encoding: unknown): void {
    this.#chunks.push(
      typeof chunk === "string"
        ? Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8")
        : Buffer.from(chunk),
    );
    this.#touched = true;
  }

  /** If it throws before anything was sent, the response stays held, and can be sent or replaced later. */
  #send(callback: Callback | undefined): void {
    const res = this.#res;
    // Node would find a bad status only after it has set the length of this body, which is wrong for a replacement.
    if (this.#head === undefined) this.#checkStatus(res.statusCode, this.#ownStatusMessage());
    else setStatus(res, ...this.#head);
    this.#mode = "passing";
    try {
      if (this.#chunks.length === 0) this.#call("end", callback);
      else this.#call("end", Buffer.concat(this.#chunks), callback);
    } catch (error) {
      if (!this.#isBegun()) this.#mode = "holding";
      throw error;
    }
    this.isSent = true;
    this.#uninstallAll();
    this.#whenSent();
  }

  #fail(args: unknown[], result: unknown): unknown {
    const callback = args.find((argument) => typeof argument === "function") as Callback | undefined;
    if (callback !== undefined) process.nextTick(callback, this.#error);
    // `write` must not return false: a pipe would wait for a `drain` that never comes.
    return result;
  }
}

/** Detects the type as Go does, of the two that a message can have. */
function typeOf(body: string): string {
  return /^\s*</.test(body) ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
}

function headersSent(): Error {
  return Object.assign(new Error("Cannot write headers after they are sent to the client"), {
    code: "ERR_HTTP_HEADERS_SENT",
  });
}
