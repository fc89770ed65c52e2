import { withEither } from "../../context/internal.ts";
import { background, type Context } from "../../context/context.ts";
import { errAbortHandler, errServerClosed } from "../../http/errors.ts";
import { type Connected, internals } from "../../http/server.ts";
import { realNow } from "../../runtime/host.ts";
import { isGoexit } from "../../runtime/goexit.ts";
import { go } from "../../runtime/goroutine.ts";
import { is } from "../../errors/errors.ts";
import { caughtError } from "../results.ts";
import { defaultLogger, type Logger } from "../log/log.ts";
import { listen } from "../net/net.ts";
import { type Listener, TCPListener } from "../net/listener.ts";
import { parse, parseRequestURI, URL } from "../url/url.ts";
import type { Handler } from "./handler.ts";
import { headerOf } from "./header.ts";
import { defaultServeMux } from "./mux.ts";
import { Body, brokenOff, errBodyReadAfterClose, noBody, Request } from "./request.ts";
import { ServerWriter } from "./response-writer.ts";

/**
 * A server. Mirrors Go's `http.Server`. The timeouts are Node's, which looks at them twice a minute; the one for writing
 * is looked at by writes.
 *
 * @example
 * ```ts
 * const server = new http.Server({ addr: ":8080", handler: http.defaultServeMux });
 * go(async () => console.log("served until:", await server.listenAndServe()));
 * const stop = chan<signal.Signal>(1);
 * signal.notify(stop, "SIGINT");
 * await stop.receive();
 * await server.shutdown(context.background());
 * ```
 */
export class Server {
  addr = "";
  handler: Handler | undefined = undefined;
  readTimeout = 0;
  readHeaderTimeout = 0;
  writeTimeout = 0;
  idleTimeout = 0;
  errorLog: Logger | undefined = undefined;
  baseContext: ((listener: Listener) => Context) | undefined = undefined;
  readonly #listeners = new Set<TCPListener>();
  readonly #onShutdown: (() => void)[] = [];
  #closed = false;
  #end: () => void = () => undefined;
  readonly #over: Promise<void> = new Promise((resolve) => (this.#end = resolve));

  constructor(fields: Partial<Pick<Server, Fields>> = {}) {
    Object.assign(this, fields);
  }

  /** Listens on `addr`, and serves until `shutdown` or `close` is called: then the error is `errServerClosed`. */
  async listenAndServe(): Promise<Error> {
    if (this.#closed) return errServerClosed;
    const [listener, err] = await listen("tcp", this.addr || ":http");
    return err ?? this.serve(listener);
  }

  /** Serves what arrives on a listener, until `shutdown` or `close` is called, or the listener is closed. */
  async serve(listener: Listener): Promise<Error> {
    if (!(listener instanceof TCPListener)) return new Error("http: Serve needs a listener of net.Listen");
    if (this.#closed) {
      listener.close();
      return errServerClosed;
    }
    this.#listeners.add(listener);
    const node = internals.node(listener.server);
    if (node !== undefined && "headersTimeout" in node) {
      node.headersTimeout = this.readHeaderTimeout || this.readTimeout;
      node.requestTimeout = this.readTimeout;
      node.keepAliveTimeout = this.idleTimeout || this.readTimeout;
    }
    const base = this.baseContext?.(listener) ?? background();
    listener.serve((...exchange) => this.#answer(base, ...exchange));
    const closed = await Promise.race([this.#over, listener.closed]);
    return closed instanceof Error && !this.#closed ? closed : errServerClosed;
  }

  /** Takes no more connections, and waits until the requests in progress are answered, or the context ends. */
  async shutdown(ctx: Context): Promise<Error | undefined> {
    this.#stop();
    for (const f of this.#onShutdown) go(f);
    try {
      for (const listener of this.#listeners) await listener.server.shutdown(ctx);
    } catch (thrown) {
      return caughtError(thrown);
    }
    return undefined;
  }

  /** Closes all listeners and connections at once. */
  close(): Error | undefined {
    this.#stop();
    for (const { server } of this.#listeners) server.close();
    return undefined;
  }

  /** Has `f` called when `shutdown` begins. */
  registerOnShutdown(f: () => unknown): void {
    this.#onShutdown.push(f);
  }

  #stop(): void {
    this.#closed = true;
    this.#end();
  }

  #log(text: string): void {
    (this.errorLog ?? defaultLogger()).print(text);
  }

  async #answer(base: Context, ctx: Connected[0], req: Connected[1], res: Connected[2]): Promise<void> {
    const [both, free] = base === background() ? [ctx, () => undefined] : withEither(base, ctx);
    const latest = this.writeTimeout > 0 ? realNow() + this.writeTimeout : Infinity;
    const stopped = (): Error | undefined => {
      if (res.destroyed) return new Error("write tcp: write: broken pipe");
      return realNow() > latest ? new Error("write tcp: i/o timeout") : undefined;
    };
    const request = requestOf(req).withContext(both);
    const w = new ServerWriter(res, req.method === "HEAD", (text) => this.#log(text), stopped);
    try {
      await (this.handler ?? defaultServeMux).serveHTTP(w, request);
    } catch (error) {
      if (!isGoexit(error) && !is(error, errAbortHandler)) {
        const { stack } = Object(error) as { stack?: unknown };
        this.#log(`http: panic serving ${request.remoteAddr}: ${stack ?? String(error)}`);
      }
      throw errAbortHandler;
    } finally {
      free();
    }
    if (stopped() !== undefined) res.destroy();
    else w.finish();
  }
}

type Fields =
  | "addr"
  | "handler"
  | "readTimeout"
  | "readHeaderTimeout"
  | "writeTimeout"
  | "idleTimeout"
  | "errorLog"
  | "baseContext";

/** Makes a request of Node's. */
function requestOf(req: Connected[1]): Request {
  const target = req.url ?? "/";
  const header = headerOf(req.rawHeaders);
  const [url, err] = target.startsWith("//") ? [new URL({ path: target }), undefined] : parseRequestURI(target);
  const host = url?.host || header.get("Host");
  header.del("Host");
  const length = header.get("Content-Length");
  const chunked = header.get("Transfer-Encoding") !== "";
  header.del("Transfer-Encoding");
  const request = new Request({ header, host, url: err === undefined ? url : parse("/")[0] });
  request.method = req.method ?? "GET";
  request.proto = `HTTP/${req.httpVersion}`;
  request.protoMajor = req.httpVersionMajor;
  request.protoMinor = req.httpVersionMinor;
  request.requestURI = target;
  request.contentLength = chunked ? -1 : Number(length || 0);
  if (chunked) request.transferEncoding = ["chunked"];
  const { remoteAddress = "", remotePort = 0 } = req.socket;
  const address = remoteAddress.replace(/^::ffff:(?=\d)/, "");
  request.remoteAddr = address.includes(":") ? `[${address}]:${remotePort}` : `${address}:${remotePort}`;
  request.body =
    request.contentLength === 0 ? noBody : new Body(req, brokenOff, () => undefined, errBodyReadAfterClose);
  return request;
}

/** Listens on an address, and serves with a handler; without one with the default mux. Mirrors Go's function. */
export function listenAndServe(addr: string, handler: Handler | undefined): Promise<Error> {
  return new Server({ addr, handler }).listenAndServe();
}

/** Serves what arrives on a listener. Mirrors Go's `http.Serve`. */
export function serve(listener: Listener, handler: Handler | undefined): Promise<Error> {
  return new Server({ handler }).serve(listener);
}
