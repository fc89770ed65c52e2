import { background, type Context } from "../../context/context.ts";
import { PanicError } from "../../runtime/panic.ts";
import type { ReadCloser, Reader, Result } from "../io/io.ts";
import { eof, errUnexpectedEOF, readAll, limitReader } from "../io/io.ts";
import { fromBytes } from "../text.ts";
import { parse, type URL } from "../url/url.ts";
import { parseQuery, Values } from "../url/values.ts";
import { Header } from "./header.ts";

/** A result that is nil beside its error, as Go's programs expect it before they look at the error. */
export function failed<T>(err: Error): [value: T, err: Error] {
  return [undefined as T, err];
}

/** The error of reading a body after it was closed: `http.ErrBodyReadAfterClose`. */
export const errBodyReadAfterClose: Error = new Error("http: invalid Read on closed Body");

/** A body without content: `http.NoBody`. */
export const noBody: ReadCloser = { read: () => [0, eof], close: () => undefined };

/** The part of Node's readable streams that bodies use. */
interface Chunks {
  iterator(options: { destroyOnReturn: boolean }): AsyncIterator<Uint8Array>;
}

/** The body of a message of Node. */
export class Body implements ReadCloser {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #failure: () => Error;
  readonly #closing: () => void;
  readonly #afterClose: Error;
  #rest: Uint8Array = new Uint8Array();
  #end: Error | undefined;

  /** `failure` is the error of a body that broke off; `closing` is called once, at its end or when it is closed. */
  constructor(stream: Chunks, failure: () => Error, closing: () => void, afterClose: Error) {
    this.#chunks = stream.iterator({ destroyOnReturn: false });
    this.#failure = failure;
    this.#closing = closing;
    this.#afterClose = afterClose;
  }

  async read(p: Uint8Array): Promise<Result> {
    if (p.length === 0) return [0, undefined];
    while (this.#rest.length === 0) {
      if (this.#end !== undefined) return [0, this.#end];
      try {
        const next = await this.#chunks.next();
        if (next.done === true) this.#over(eof);
        else this.#rest = next.value;
      } catch {
        this.#over(this.#failure());
      }
    }
    const part = this.#rest.subarray(0, p.length);
    p.set(part);
    this.#rest = this.#rest.subarray(part.length);
    return [part.length, undefined];
  }

  close(): undefined {
    this.#rest = new Uint8Array();
    if (this.#end === undefined) this.#over(this.#afterClose);
    else this.#end = this.#afterClose;
    return undefined;
  }

  #over(end: Error): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#closing();
  }
}

/** The error of a body that broke off. */
export const brokenOff = (): Error => errUnexpectedEOF;

/**
 * A request, as a server gets it or as a client sends it. Mirrors Go's `http.Request`.
 *
 * @example
 * ```ts
 * const [req, err] = http.newRequest("GET", "http://localhost:8080/users?id=7", undefined);
 * if (err === undefined) console.log(req.method, req.url.path, req.url.query().get("id")); // GET /users 7
 * ```
 */
export class Request {
  method = "";
  declare url: URL;
  proto = "";
  protoMajor = 0;
  protoMinor = 0;
  header: Header = new Header();
  declare body: ReadCloser;
  /** Makes the body again, for redirects. */
  getBody: (() => [body: ReadCloser, err: Error | undefined]) | undefined = undefined;
  /** The number of bytes; -1 if it is not known. */
  contentLength = 0;
  transferEncoding: string[] = [];
  close = false;
  host = "";
  /** The parameters of the query and the body, after `parseForm`. */
  form: Values = new Values();
  postForm: Values = new Values();
  remoteAddr = "";
  requestURI = "";
  /** The pattern of the mux that matched. */
  pattern = "";
  #ctx: Context = background();
  #parsed = false;
  #pathValues = new Map<string, string>();

  constructor(fields: Partial<Pick<Request, Fields>> = {}) {
    Object.assign(this, fields);
  }

  context(): Context {
    return this.#ctx;
  }

  /** Returns a copy with another context. */
  withContext(ctx: Context): Request {
    if (ctx === undefined || ctx === null) throw new PanicError("nil context");
    const copy = Object.assign(new Request(), this);
    copy.#ctx = ctx;
    copy.#pathValues = this.#pathValues;
    copy.#parsed = this.#parsed;
    return copy;
  }

  /** Returns a copy with another context, and headers and a URL of its own. */
  clone(ctx: Context): Request {
    const copy = this.withContext(ctx);
    copy.header = this.header.clone();
    if (this.url !== undefined) [copy.url] = parse(this.url.string());
    copy.#pathValues = new Map(this.#pathValues);
    return copy;
  }

  /** Returns what a wildcard of the pattern has matched. */
  pathValue(name: string): string {
    return this.#pathValues.get(name) ?? "";
  }

  setPathValue(name: string, value: string): void {
    this.#pathValues.set(name, value);
  }

  userAgent(): string {
    return this.header.get("User-Agent");
  }

  referer(): string {
    return this.header.get("Referer");
  }

  protoAtLeast(major: number, minor: number): boolean {
    return this.protoMajor > major || (this.protoMajor === major && this.protoMinor >= minor);
  }

  basicAuth(): [username: string, password: string, ok: boolean] {
    const [, code] = /^basic (.*)$/i.exec(this.header.get("Authorization")) ?? [];
    const text = code === undefined ? "" : fromBytes(Uint8Array.from(atob(code), (char) => char.charCodeAt(0)));
    const at = text.indexOf(":");
    return at < 0 ? ["", "", false] : [text.slice(0, at), text.slice(at + 1), true];
  }

  setBasicAuth(username: string, password: string): void {
    this.header.set("Authorization", basic(username, password));
  }

  /** Reads the query and, unless the method is GET or HEAD, a form in the body. Forms in several parts are not read. */
  async parseForm(): Promise<Error | undefined> {
    if (this.#parsed) return undefined;
    this.#parsed = true;
    let err: Error | undefined;
    if (/^(?:POST|PUT|PATCH)$/.test(this.method)) [this.postForm, err] = await this.#readForm();
    const [query, queryErr] = parseQuery(this.url?.rawQuery ?? "");
    this.form = new Values(Array.from(this.postForm.map, ([key, values]) => [key, [...values]]));
    for (const [key, values] of query.map) for (const value of values) this.form.add(key, value);
    return err ?? queryErr;
  }

  async #readForm(): Promise<[values: Values, err: Error | undefined]> {
    if (this.body === undefined) return [new Values(), new Error("missing form body")];
    const type = this.header.get("Content-Type").split(";")[0]?.trim().toLowerCase();
    if (type !== "application/x-www-form-urlencoded") return [new Values(), undefined];
    const [data, err] = await readAll(limitReader(this.body, maxForm + 1));
    if (err !== undefined) return [new Values(), err];
    if (data.length > maxForm) return [new Values(), new Error("http: POST too large")];
    return parseQuery(fromBytes(data));
  }

  /** Returns the first value of a parameter in the body or the query. */
  async formValue(key: string): Promise<string> {
    await this.parseForm();
    return this.form.get(key);
  }

  /** Returns the first value of a parameter in the body. */
  async postFormValue(key: string): Promise<string> {
    await this.parseForm();
    return this.postForm.get(key);
  }
}

type Fields =
  | "method"
  | "url"
  | "proto"
  | "protoMajor"
  | "protoMinor"
  | "header"
  | "body"
  | "getBody"
  | "contentLength"
  | "transferEncoding"
  | "close"
  | "host"
  | "form"
  | "postForm"
  | "remoteAddr"
  | "requestURI";

const maxForm = 10 * 1024 * 1024;

/** Returns the value of an `Authorization` header. */
export function basic(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** Makes a request for a client. Mirrors Go's `http.NewRequest`. */
export function newRequest(
  method: string,
  target: string,
  body: Reader | undefined,
): [request: Request, err: Error | undefined] {
  return newRequestWithContext(background(), method, target, body);
}

/**
 * Makes a request for a client that ends with a context. Mirrors Go's `http.NewRequestWithContext`.
 *
 * @example
 * ```ts
 * const [req] = http.newRequestWithContext(ctx, "POST", "http://localhost:8080/", strings.newReader("hello"));
 * const [resp, err] = await http.defaultClient.do(req);
 * ```
 */
export function newRequestWithContext(
  ctx: Context,
  method: string,
  target: string,
  body: Reader | undefined,
): [request: Request, err: Error | undefined] {
  if (!/^[A-Za-z0-9!#$%&'*+\-.^_`|~]*$/.test(method)) {
    return failed(new Error(`net/http: invalid method ${JSON.stringify(method)}`));
  }
  if (ctx === undefined || ctx === null) return failed(new Error("net/http: nil Context"));
  const [url, err] = parse(target);
  if (err !== undefined) return failed(err);
  url.host = url.host.replace(/:$/, "");
  const request = new Request({ method: method || "GET", url, proto: "HTTP/1.1", protoMajor: 1, protoMinor: 1 });
  request.host = url.host;
  if (body !== undefined) setBody(request, body);
  return [request.withContext(ctx), undefined];
}

/** Sets a body; its length is known if it has `len`, as buffers and readers of texts have. */
function setBody(request: Request, body: Reader): void {
  const { len, close } = body as { len?(): number; close?: unknown };
  request.body =
    typeof close === "function" ? (body as ReadCloser) : { read: (p) => body.read(p), close: () => undefined };
  if (typeof len !== "function") {
    if (body !== noBody) request.contentLength = -1;
    return;
  }
  const length = len.call(body);
  request.contentLength = length;
  if (length === 0) {
    request.body = noBody;
    request.getBody = () => [noBody, undefined];
    return;
  }
  // What was read is kept, for redirects that send it again.
  const all = new Uint8Array(length);
  let known = 0;
  const more = (): Error | undefined => {
    const [n, err] = body.read(all.subarray(known)) as Result;
    known += n;
    return err;
  };
  const from = (start: number): ReadCloser => {
    let at = start;
    return {
      read(p) {
        if (at >= known && (known === length || more() !== undefined)) return [0, eof];
        const part = all.subarray(at, Math.min(known, at + p.length));
        p.set(part);
        at += part.length;
        return [part.length, undefined];
      },
      close: () => undefined,
    };
  };
  request.body = from(0);
  request.getBody = () => [from(0), undefined];
}
