import { cause } from "../../context/context.ts";
import { watchEnd } from "../../context/internal.ts";
import { eof, errUnexpectedEOF, type MaybePromise } from "../io/io.ts";
import { afterFunc } from "../../time/timer.ts";
import { errnoText } from "../net/errno.ts";
import type { URL } from "../url/url.ts";
import { type Header, headerOf } from "./header.ts";
import { basic, Body, failed, noBody, type Request } from "./request.ts";
import { Response } from "./response.ts";
import { bodyAllowed } from "./response-writer.ts";
import { statusText } from "./status.ts";
import type { Gunzip } from "node:zlib";
import type { Agent, ClientRequest, IncomingMessage } from "node:http";

/** Sends one request. Mirrors Go's `http.RoundTripper`. */
export interface RoundTripper {
  roundTrip(req: Request): MaybePromise<[resp: Response | undefined, err: Error | undefined]>;
}

/** Sends a request by a transport; behind an error the response is nil, which its type does not say. */
export async function roundTrip(via: RoundTripper, req: Request): Promise<[resp: Response, err: Error | undefined]> {
  const [resp, err] = await via.roundTrip(req);
  return [resp as Response, err];
}

const errBodyClosed = new Error("http: read on closed response body");

/**
 * Sends requests by `node:http` and `node:https`, and keeps connections open for the next. Mirrors Go's
 * `http.Transport`.
 */
export class Transport implements RoundTripper {
  maxIdleConnsPerHost = 0;
  maxConnsPerHost = 0;
  disableKeepAlives = false;
  disableCompression = false;
  responseHeaderTimeout = 0;
  readonly #agents = new Map<string, Agent>();

  constructor(fields: Partial<Pick<Transport, Fields>> = {}) {
    Object.assign(this, fields);
  }

  /** Closes the connections that are not in use. */
  closeIdleConnections(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  async roundTrip(req: Request): Promise<[resp: Response, err: Error | undefined]> {
    const problem = problemOf(req);
    if (problem !== undefined) return failed(problem);
    const { scheme } = req.url;
    const node = await (scheme === "https" ? import("node:https") : import("node:http"));
    let agent = this.#agents.get(scheme);
    if (agent === undefined) {
      const limits = { maxFreeSockets: this.maxIdleConnsPerHost || 256, maxSockets: this.maxConnsPerHost || Infinity };
      agent = new node.Agent({ keepAlive: !this.disableKeepAlives, ...limits });
      this.#agents.set(scheme, agent);
    }
    const header = req.header.clone();
    const gzip =
      !this.disableCompression &&
      req.method !== "HEAD" &&
      !header.map.has("Accept-Encoding") &&
      header.get("Range") === "";
    if (gzip) header.set("Accept-Encoding", "gzip");
    complete(header, req);
    const options = {
      agent,
      method: req.method || "GET",
      host: req.url.hostname(),
      port: req.url.port() || (scheme === "https" ? 443 : 80),
      path: req.url.requestURI(),
      setHost: false,
    };
    for (let attempt = 0; ; attempt++) {
      const sent = node.request(options);
      for (const [name, values] of header.map) if (values.length > 0) sent.setHeader(name, values);
      sent.setHeader("Host", req.host || req.url.host);
      if (!this.disableKeepAlives && !req.close) sent.removeHeader("Connection");
      const [resp, err] = await this.#exchange(req, sent, gzip);
      // The server has closed a connection that was kept open, while this request was on its way.
      const lost = err !== undefined && sent.reusedSocket && req.context().err() === undefined;
      if (!lost || attempt > 0 || req.body !== undefined) return [resp, err];
    }
  }

  async #exchange(req: Request, sent: ClientRequest, gzip: boolean): Promise<[resp: Response, err: Error | undefined]> {
    const ctx = req.context();
    let open: { destroy(): unknown } = sent;
    let failure: Error | undefined;
    const stop = watchEnd(ctx, false, () => {
      failure = cause(ctx);
      open.destroy();
    });
    const over = (err: Error): [Response, Error] => {
      stop();
      sent.destroy();
      return failed(failure ?? err);
    };
    const answered = new Promise<IncomingMessage | Error>((resolve) => {
      sent.on("response", resolve).on("upgrade", resolve);
      sent.on("error", (error: Error) => resolve(networkError(error, req.url)));
      sent.on("close", () => resolve(eof));
      if (this.responseHeaderTimeout > 0) {
        const late = (): void => resolve(new Error("net/http: timeout awaiting response headers"));
        const timer = afterFunc(this.responseHeaderTimeout, late);
        sent.on("response", () => timer.stop()).on("close", () => timer.stop());
      }
    });
    // A body that cannot be read ends the request.
    const broken = send(req, sent).then((err) => err ?? answered);
    const answer = await Promise.race([answered, broken]);
    if (answer instanceof Error) return over(answer);
    open = answer;
    if (failure !== undefined) {
      answer.destroy();
      return over(failure);
    }
    return [await responseOf(req, answer, gzip, () => failure, stop), undefined];
  }
}

type Fields =
  | "maxIdleConnsPerHost"
  | "maxConnsPerHost"
  | "disableKeepAlives"
  | "disableCompression"
  | "responseHeaderTimeout";

/** The transport of clients that have no other: `http.DefaultTransport`. */
export const defaultTransport: RoundTripper = new Transport();

function problemOf(req: Request): Error | undefined {
  const url = req.url as URL | undefined;
  if (url === undefined) return new Error("http: nil Request.URL");
  if (url.scheme !== "http" && url.scheme !== "https") {
    return new Error(`unsupported protocol scheme ${JSON.stringify(url.scheme)}`);
  }
  return url.host === "" ? new Error("http: no Host in request URL") : undefined;
}

/** Adds the headers that Go's client sends. */
function complete(header: Header, req: Request): void {
  if (!header.map.has("User-Agent")) header.set("User-Agent", "Go-http-client/1.1");
  else if (header.get("User-Agent") === "") header.del("User-Agent");
  const { user } = req.url;
  if (user !== undefined && header.get("Authorization") === "") {
    header.set("Authorization", basic(user.username(), user.password()[0]));
  }
  header.del("Content-Length");
  const hasBody = req.body !== undefined && req.body !== noBody;
  if (hasBody && req.contentLength <= 0) header.set("Transfer-Encoding", "chunked");
  else if (hasBody || /^(?:POST|PUT|PATCH)$/.test(req.method)) {
    header.set("Content-Length", String(hasBody ? req.contentLength : 0));
  }
  if (req.close) header.set("Connection", "close");
}

/** Sends the body, and returns the error of reading it. */
async function send(req: Request, sent: ClientRequest): Promise<Error | undefined> {
  const { body } = req;
  if (body === undefined) {
    sent.end();
    return undefined;
  }
  let err: Error | undefined;
  let left = req.contentLength;
  const piece = new Uint8Array(32 * 1024);
  while (err === undefined && !sent.destroyed) {
    let n: number;
    [n, err] = await body.read(piece);
    left -= n;
    if (n === 0 || sent.write(piece.slice(0, n)) || sent.destroyed) continue;
    await new Promise<void>((resolve) => void sent.once("drain", resolve).once("close", resolve));
  }
  await body.close();
  if (err !== undefined && err !== eof) return err;
  if (req.contentLength > 0 && left !== 0 && !sent.destroyed) {
    const { contentLength: length } = req;
    return new Error(`http: ContentLength=${length} with Body length ${length - left}`);
  }
  sent.end();
  return undefined;
}

async function responseOf(
  req: Request,
  message: IncomingMessage,
  gzip: boolean,
  failure: () => Error | undefined,
  stop: () => void,
): Promise<Response> {
  const header = headerOf(message.rawHeaders);
  const resp = new Response({ header, request: req, statusCode: message.statusCode ?? 0 });
  resp.status = `${resp.statusCode} ${message.statusMessage || statusText(resp.statusCode)}`.trimEnd();
  resp.proto = `HTTP/${message.httpVersion}`;
  resp.protoMajor = message.httpVersionMajor;
  resp.protoMinor = message.httpVersionMinor;
  resp.close = /\bclose\b/i.test(header.get("Connection"));
  if (header.get("Transfer-Encoding") !== "") {
    header.del("Transfer-Encoding");
    resp.transferEncoding = ["chunked"];
  }
  const length = header.get("Content-Length");
  const bodiless = req.method === "HEAD" || !bodyAllowed(resp.statusCode);
  resp.contentLength = length === "" ? -1 : Number(length);
  if (length === "" && bodiless && req.method !== "HEAD") resp.contentLength = 0;
  if (bodiless || resp.contentLength === 0) {
    message.resume();
    stop();
    resp.body = { ...noBody };
    return resp;
  }
  let stream: IncomingMessage | Gunzip = message;
  if (gzip && header.get("Content-Encoding").toLowerCase() === "gzip") {
    const { createGunzip } = await import("node:zlib");
    const unzipped = createGunzip();
    message.on("error", () => unzipped.destroy()).on("close", () => message.complete || unzipped.destroy());
    stream = message.pipe(unzipped);
    header.del("Content-Encoding");
    header.del("Content-Length");
    resp.contentLength = -1;
    resp.uncompressed = true;
  }
  const over = (): void => {
    stop();
    if (!message.readableEnded) message.destroy();
  };
  // Without a listener an error of the connection would end the program.
  message.on("error", () => undefined);
  resp.body = new Body(stream, () => failure() ?? errUnexpectedEOF, over, errBodyClosed);
  return resp;
}

/** Returns an error of Node's with Go's text. */
function networkError(error: Error, url: URL): Error {
  const first = (error as { errors?: Error[] }).errors?.[0] ?? error;
  const { code, syscall, address, port } = first as {
    code?: string;
    syscall?: string;
    address?: string;
    port?: number;
  };
  const host = url.port() === "" ? `${url.host}:${url.scheme === "https" ? 443 : 80}` : url.host;
  const remote =
    address === undefined ? host : `${address.includes(":") ? `[${address}]` : address}:${port ?? url.port()}`;
  if (code === "ENOTFOUND") return new Error(`dial tcp: lookup ${url.hostname()}: no such host`, { cause: error });
  if (code === "ECONNRESET" && error.message === "socket hang up") return eof;
  const text = errnoText(code);
  if (text === "") return error;
  return new Error(`${syscall === "connect" ? `dial tcp ${remote}` : `read tcp ${remote}`}: ${text}`, { cause: error });
}
