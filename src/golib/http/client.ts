import { type Context, deadlineExceeded, withTimeout } from "../../context/context.ts";
import { is } from "../../errors/errors.ts";
import { Error as UrlError } from "../../http/url.ts";
import { copyN, discard, type MaybePromise, type ReadCloser, type Reader, type Result } from "../io/io.ts";
import { newReader } from "../strings/reader.ts";
import { parse, type URL } from "../url/url.ts";
import type { Values } from "../url/values.ts";
import type { Header } from "./header.ts";
import { failed, newRequest, Request } from "./request.ts";
import type { Response } from "./response.ts";
import { defaultTransport, type RoundTripper } from "./transport.ts";

/** A `checkRedirect` returns it to get the redirect itself as the response: `http.ErrUseLastResponse`. */
export const errUseLastResponse: Error = new Error("net/http: use last response");

/** The error of a client whose time is over. */
class TimeoutError extends Error {
  timeout(): boolean {
    return true;
  }

  temporary(): boolean {
    return true;
  }
}

/** Decides whether a redirect is followed: `via` are the requests so far. */
export type CheckRedirect = (req: Request, via: Request[]) => MaybePromise<Error | undefined>;

/**
 * Sends requests and follows redirects. Mirrors Go's `http.Client`; there are no cookies.
 *
 * @example
 * ```ts
 * const client = new http.Client({ timeout: 5 * time.second });
 * const [resp, err] = await client.get("http://localhost:8080/");
 * if (err === undefined) {
 *   const [body] = await io.readAll(resp.body);
 *   console.log(resp.statusCode, fromBytes(body));
 * }
 * ```
 */
export class Client {
  transport: RoundTripper | undefined = undefined;
  checkRedirect: CheckRedirect | undefined = undefined;
  /** The limit for a whole call with its redirects and the body, in milliseconds; 0 for none. */
  timeout = 0;

  constructor(fields: Partial<Pick<Client, "transport" | "checkRedirect" | "timeout">> = {}) {
    Object.assign(this, fields);
  }

  /** Sends a request. The error is a `url.Error`. */
  async do(first: Request): Promise<[resp: Response, err: Error | undefined]> {
    const outer = first.context();
    const [ctx, cancel] = this.timeout > 0 ? withTimeout(outer, this.timeout) : [outer, () => undefined];
    const timedOut = (err: Error): boolean =>
      this.timeout > 0 && outer.err() === undefined && (is(err, deadlineExceeded) || ctx.err() === deadlineExceeded);
    const [resp, err] = await this.#follow(first, ctx, (err) => {
      if (!timedOut(err)) return err;
      return new TimeoutError(`${err.message} (Client.Timeout exceeded while awaiting headers)`, { cause: err });
    });
    if (err !== undefined || this.timeout <= 0) {
      cancel();
      return [resp, err];
    }
    resp.body = limited(resp.body, cancel, (err) => {
      if (!timedOut(err)) return err;
      const text = `${err.message} (Client.Timeout or context cancellation while reading body)`;
      return new TimeoutError(text, { cause: err });
    });
    return [resp, undefined];
  }

  async #follow(
    first: Request,
    ctx: Context,
    failure: (err: Error) => Error,
  ): Promise<[resp: Response, err: Error | undefined]> {
    const transport = this.transport ?? defaultTransport;
    const op = first.method === "" ? "Get" : first.method.slice(0, 1) + first.method.slice(1).toLowerCase();
    const refuse = (url: string, err: Error): [Response, Error] => failed(new UrlError(op, url, err));
    if (first.url === undefined) return refuse("", new Error("http: nil Request.URL"));
    if (first.requestURI !== "") {
      return refuse(first.url.string(), new Error("http: Request.RequestURI can't be set in client requests"));
    }
    const via: Request[] = [];
    let req = first;
    let keepsBody = true;
    let keepsSecrets = true;
    for (;;) {
      via.push(req);
      const [resp, err] = await transport.roundTrip(ctx === first.context() ? req : req.withContext(ctx));
      if (err !== undefined) return refuse(req.url.string(), failure(err));
      if (resp === undefined) {
        return refuse(
          req.url.string(),
          new Error("http: RoundTripper implementation returned a nil *Response with a nil error"),
        );
      }
      const { statusCode: code } = resp;
      const repeats = code === 307 || code === 308;
      const location = resp.header.get("Location");
      if (!(repeats || code === 301 || code === 302 || code === 303) || location === "") return [resp, undefined];
      if (repeats && first.getBody === undefined && first.contentLength !== 0) return [resp, undefined];
      keepsBody &&= repeats;
      const [url, urlErr] = req.url.parse(location);
      if (urlErr !== undefined) {
        await resp.body.close();
        const text = `failed to parse Location header ${JSON.stringify(location)}: ${urlErr.message}`;
        return refuse(req.url.string(), new Error(text));
      }
      const method = repeats || req.method === "HEAD" ? req.method : "GET";
      const ownHost = req.host !== "" && req.host !== req.url.host && !parse(location)[0].isAbs() ? req.host : "";
      const next = new Request({ method, url, host: ownHost }).withContext(first.context());
      if (keepsBody && first.getBody !== undefined) {
        [next.body] = first.getBody();
        next.getBody = first.getBody;
        next.contentLength = first.contentLength;
      }
      keepsSecrets &&= isWithin(url.hostname(), first.url.hostname());
      next.header = redirected(first.header, keepsSecrets, keepsBody);
      const referer = refererOf(req.url, url);
      if (referer !== "" && next.header.get("Referer") === "") next.header.set("Referer", referer);
      const stop = await (this.checkRedirect ?? tenTimes)(next, via);
      if (stop === errUseLastResponse) return [resp, undefined];
      await copyN(discard, resp.body, 2048);
      await resp.body.close();
      if (stop !== undefined) return [resp, new UrlError(op, location, stop)];
      req = next;
    }
  }

  /** Sends a GET request. */
  get(url: string): Promise<[resp: Response, err: Error | undefined]> {
    return this.#send("GET", url, undefined);
  }

  /** Sends a HEAD request. */
  head(url: string): Promise<[resp: Response, err: Error | undefined]> {
    return this.#send("HEAD", url, undefined);
  }

  /** Sends a body. */
  post(url: string, contentType: string, body: Reader | undefined): Promise<[resp: Response, err: Error | undefined]> {
    return this.#send("POST", url, body, contentType);
  }

  /** Sends a form. */
  postForm(url: string, data: Values): Promise<[resp: Response, err: Error | undefined]> {
    return this.post(url, "application/x-www-form-urlencoded", newReader(data.encode()));
  }

  async #send(
    method: string,
    url: string,
    body: Reader | undefined,
    contentType?: string,
  ): Promise<[resp: Response, err: Error | undefined]> {
    const [req, err] = newRequest(method, url, body);
    if (err !== undefined) return failed(err);
    if (contentType !== undefined) req.header.set("Content-Type", contentType);
    return this.do(req);
  }

  /** Closes the connections that are not in use. */
  closeIdleConnections(): void {
    (this.transport as { closeIdleConnections?(): void } | undefined)?.closeIdleConnections?.();
  }
}

function tenTimes(_req: Request, via: Request[]): Error | undefined {
  return via.length >= 10 ? new Error("stopped after 10 redirects") : undefined;
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function redirected(header: Header, keepsSecrets: boolean, keepsBody: boolean): Header {
  const copy = header.clone();
  if (!keepsSecrets) for (const name of ["Authorization", "Www-Authenticate", "Cookie", "Cookie2"]) copy.del(name);
  if (!keepsBody) {
    for (const name of ["Content-Encoding", "Content-Language", "Content-Location", "Content-Type"]) copy.del(name);
  }
  return copy;
}

function refererOf(from: URL, to: URL): string {
  if (from.scheme === "https" && to.scheme === "http") return "";
  return from.user === undefined ? from.string() : from.string().replace(`${from.user.string()}@`, "");
}

/** A body that ends the timeout of its call. */
function limited(body: ReadCloser, cancel: () => void, failure: (err: Error) => Error): ReadCloser {
  return {
    async read(p): Promise<Result> {
      const [n, err] = await body.read(p);
      if (err === undefined) return [n, undefined];
      const shown = failure(err);
      cancel();
      return [n, shown];
    },
    close() {
      cancel();
      return body.close();
    },
  };
}

/** The client of {@link get} and the like: `http.DefaultClient`. */
export const defaultClient: Client = new Client();

/** Sends a GET request. Mirrors Go's `http.Get`. */
export function get(url: string): Promise<[resp: Response, err: Error | undefined]> {
  return defaultClient.get(url);
}

/** Sends a HEAD request. Mirrors Go's `http.Head`. */
export function head(url: string): Promise<[resp: Response, err: Error | undefined]> {
  return defaultClient.head(url);
}

/** Sends a body. Mirrors Go's `http.Post`. */
export function post(
  url: string,
  contentType: string,
  body: Reader | undefined,
): Promise<[resp: Response, err: Error | undefined]> {
  return defaultClient.post(url, contentType, body);
}

/** Sends a form. Mirrors Go's `http.PostForm`. */
export function postForm(url: string, data: Values): Promise<[resp: Response, err: Error | undefined]> {
  return defaultClient.postForm(url, data);
}
