/**
 * Servers and recorders for tests. Mirrors Go's `net/http/httptest`.
 *
 * @module
 */

import { background, type Context } from "../../context/context.ts";
import { internals } from "../../http/server.ts";
import { PanicError } from "../../runtime/panic.ts";
import { Buffer, newReader } from "../bytes/bytes.ts";
import type { Handler } from "../http/handler.ts";
import { Header } from "../http/header.ts";
import {
  Client,
  newRequestWithContext as newClientRequest,
  noBody,
  type Request,
  Response,
  Server as HttpServer,
  statusText,
  Transport,
} from "../http/http.ts";
import { bodyAllowed, checkStatus, errBodyNotAllowed, type ResponseWriter } from "../http/response-writer.ts";
import { detectContentType } from "../http/sniff.ts";
import { nopCloser, type Reader, type Result } from "../io/io.ts";
import { type Listener, TCPListener } from "../net/listener.ts";
import { listen } from "../net/net.ts";
import { toBytes } from "../text.ts";

/** A server on a port of its own. Mirrors Go's `httptest.Server`. */
export class Server {
  /** `http://127.0.0.1:41234` */
  readonly url: string;
  readonly listener: Listener;
  readonly config: HttpServer;
  readonly #transport = new Transport();

  /** Made by {@link newServer}. */
  constructor(listener: Listener, config: HttpServer) {
    this.listener = listener;
    this.config = config;
    this.url = `http://${listener.addr().toString()}`;
  }

  /** Returns a client for this server. */
  client(): Client {
    return new Client({ transport: this.#transport });
  }

  /** Waits until the requests in progress are answered, and closes the server. */
  async close(): Promise<void> {
    this.#transport.closeIdleConnections();
    this.listener.close();
    if (this.listener instanceof TCPListener) await internals.shutdown(this.listener.server, background(), 0);
  }

  /** Closes all connections, whatever is in progress. */
  closeClientConnections(): void {
    if (!(this.listener instanceof TCPListener)) return;
    for (const socket of internals.connections(this.listener.server).sockets.keys()) socket.destroy();
  }
}

/**
 * Starts a server. Mirrors Go's `httptest.NewServer`.
 *
 * @example
 * ```ts
 * const server = await httptest.newServer(http.handlerFunc(async (w) => void (await io.writeString(w, "hello"))));
 * const [resp] = await http.get(server.url);
 * await server.close();
 * ```
 */
export async function newServer(handler: Handler | undefined): Promise<Server> {
  const [listener, err] = await listen("tcp", "127.0.0.1:0");
  if (err !== undefined) throw new PanicError(`httptest: failed to listen on a port: ${err.message}`);
  const config = new HttpServer({ handler });
  void config.serve(listener);
  return new Server(listener, config);
}

/**
 * Records an answer. Mirrors Go's `httptest.ResponseRecorder`; its methods do not wait.
 *
 * @example
 * ```ts
 * const recorder = httptest.newRecorder();
 * await http.defaultServeMux.serveHTTP(recorder, httptest.newRequest("GET", "/users/7", undefined));
 * console.log(recorder.code, recorder.body.string());
 * ```
 */
export class ResponseRecorder implements ResponseWriter {
  code = 200;
  headerMap: Header = new Header();
  body: Buffer = new Buffer();
  flushed = false;
  #wrote = false;
  #snapshot: Header | undefined;

  header(): Header {
    return this.headerMap;
  }

  write(p: Uint8Array): Result {
    this.#begin(p);
    this.body.write(p);
    return bodyAllowed(this.code) ? [p.length, undefined] : [0, errBodyNotAllowed];
  }

  writeString(text: string): Result {
    return this.write(toBytes(text));
  }

  writeHeader(status: number): void {
    if (this.#wrote) return;
    checkStatus(status);
    this.code = status;
    this.#wrote = true;
    this.#snapshot = this.headerMap.clone();
  }

  flush(): void {
    if (!this.#wrote) this.writeHeader(200);
    this.flushed = true;
  }

  /** Returns what a client would get. */
  result(): Response {
    const header = (this.#snapshot ?? this.headerMap).clone();
    const response = new Response({ header, statusCode: this.code, proto: "HTTP/1.1", protoMajor: 1, protoMinor: 1 });
    const text = statusText(this.code);
    response.status = text === "" ? String(this.code) : `${this.code} ${text}`;
    response.body = this.body.len() === 0 ? noBody : nopCloser(newReader(this.body.bytes().slice()));
    const length = header.get("Content-Length");
    response.contentLength = /^\d+$/.test(length) ? Number(length) : -1;
    return response;
  }

  #begin(p: Uint8Array): void {
    if (this.#wrote) return;
    const header = this.headerMap;
    if (!header.map.has("Content-Type") && header.get("Transfer-Encoding") === "") {
      header.set("Content-Type", detectContentType(p));
    }
    this.writeHeader(200);
  }
}

/** Makes a recorder. */
export function newRecorder(): ResponseRecorder {
  return new ResponseRecorder();
}

/** Makes a request as a server gets it. Panics if the target is none. Mirrors Go's `httptest.NewRequest`. */
export function newRequest(method: string, target: string, body: Reader | undefined): Request {
  return newRequestWithContext(background(), method, target, body);
}

/** As {@link newRequest}, with a context. */
export function newRequestWithContext(ctx: Context, method: string, target: string, body: Reader | undefined): Request {
  const [request, err] = newClientRequest(ctx, method, target, body);
  if (err !== undefined) throw new PanicError(`invalid NewRequest arguments; ${err.message}`);
  request.requestURI = target;
  request.remoteAddr = "192.0.2.1:1234";
  request.host = request.url.host || "example.com";
  request.body ??= noBody;
  return request;
}
