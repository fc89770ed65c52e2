import { PanicError } from "../../runtime/panic.ts";
import { writeString } from "../io/io.ts";
import { URL } from "../url/url.ts";
import { type Handler, type HandlerFunc, handlerFunc } from "./handler.ts";
import { cleanPath, Pattern } from "./pattern.ts";
import type { Request } from "./request.ts";
import type { ResponseWriter } from "./response-writer.ts";
import { statusMethodNotAllowed, statusNotFound, statusTemporaryRedirect, statusText } from "./status.ts";

/** Answers with a text and a status. Mirrors Go's `http.Error`. */
export async function error(w: ResponseWriter, text: string, status: number): Promise<void> {
  const header = w.header();
  header.del("Content-Length");
  header.set("Content-Type", "text/plain; charset=utf-8");
  header.set("X-Content-Type-Options", "nosniff");
  w.writeHeader(status);
  await writeString(w, `${text}\n`);
}

/** Answers with status 404. Mirrors Go's `http.NotFound`. */
export function notFound(w: ResponseWriter, _r: Request): Promise<void> {
  return error(w, "404 page not found", statusNotFound);
}

/** Returns a handler that answers with status 404. Mirrors Go's `http.NotFoundHandler`. */
export function notFoundHandler(): Handler {
  return handlerFunc(notFound);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

/** Answers with a redirect; a relative URL is resolved by the path of the request. Mirrors Go's `http.Redirect`. */
export async function redirect(w: ResponseWriter, r: Request, url: string, code: number): Promise<void> {
  let target = url;
  if (!/^(?:[A-Za-z][A-Za-z0-9+.-]*:|\/\/)/.test(url)) {
    const base = r.url.escapedPath() || "/";
    if (!url.startsWith("/")) target = base.slice(0, base.lastIndexOf("/") + 1) + url;
    const [, path = "", query = ""] = /^([^?]*)(.*)$/s.exec(target) ?? [];
    target = cleanPath(path) + query;
  }
  const header = w.header();
  const hadType = header.map.has("Content-Type");
  header.set("Location", target.replace(/[^\0-\x7F]+/g, encodeURIComponent));
  if (!hadType && (r.method === "GET" || r.method === "HEAD")) header.set("Content-Type", "text/html; charset=utf-8");
  w.writeHeader(code);
  if (hadType || r.method !== "GET") return;
  const shown = target.replace(/[&<>"']/g, (char) => entities[char] ?? char);
  await writeString(w, `<a href="${shown}">${statusText(code)}</a>.\n\n`);
}

/** Returns a handler that redirects. Mirrors Go's `http.RedirectHandler`. */
export function redirectHandler(url: string, code: number): Handler {
  return handlerFunc((w, r) => redirect(w, r, url, code));
}

interface Route {
  readonly pattern: Pattern;
  readonly handler: Handler;
}

/**
 * Calls the handler whose pattern fits a request best. Mirrors Go's `http.ServeMux` since Go 1.22: methods, hosts,
 * wildcards, and the rules of precedence.
 *
 * @example
 * ```ts
 * const mux = http.newServeMux();
 * mux.handleFunc("GET /users/{id}", async (w, r) => {
 *   await fmt.fprintln(w, "user", r.pathValue("id"));
 * });
 * console.log(await http.listenAndServe(":8080", mux));
 * ```
 */
export class ServeMux implements Handler {
  readonly #routes: Route[] = [];

  /** Adds a handler. Panics if the pattern is wrong, or if one before has the same precedence for some requests. */
  handle(pattern: string, handler: Handler): void {
    if (handler === undefined || handler === null) throw new PanicError("http: nil handler");
    let parsed: Pattern;
    try {
      parsed = new Pattern(pattern);
    } catch (err) {
      const text = (err as Error).message;
      if (pattern === "") throw new PanicError("http: invalid pattern");
      throw new PanicError(`parsing ${JSON.stringify(pattern)}: ${text}`);
    }
    for (const { pattern: other } of this.#routes) {
      const conflict = parsed.conflict(other);
      if (conflict === undefined) continue;
      const [a, b] = [JSON.stringify(pattern), JSON.stringify(other.text)];
      throw new PanicError(`pattern ${a} conflicts with pattern ${b}:\n${conflict}`);
    }
    this.#routes.push({ pattern: parsed, handler });
  }

  /** Adds a function. */
  handleFunc(pattern: string, f: HandlerFunc): void {
    if (f === undefined || f === null) throw new PanicError("http: nil handler");
    this.handle(pattern, handlerFunc(f));
  }

  /** Returns the handler for a request, and its pattern. Mirrors Go's `ServeMux.Handler`. */
  handler(r: Request): [handler: Handler, pattern: string] {
    const { handler, pattern } = this.#find(r);
    return [handler, pattern];
  }

  async serveHTTP(w: ResponseWriter, r: Request): Promise<void> {
    if (r.requestURI === "*") {
      if (r.protoAtLeast(1, 1)) w.header().set("Connection", "close");
      w.writeHeader(400);
      return;
    }
    const { handler, pattern, values } = this.#find(r);
    r.pattern = pattern;
    for (const [name, value] of values) r.setPathValue(name, value);
    await handler.serveHTTP(w, r);
  }

  #find(r: Request): { handler: Handler; pattern: string; values: ReadonlyMap<string, string> } {
    const values = new Map<string, string>();
    const escaped = r.url.escapedPath();
    const isConnect = r.method === "CONNECT";
    const host = isConnect ? r.url.host : r.host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
    const path = isConnect ? escaped : cleanPath(escaped);
    const [route, found] = this.#match(host, r.method, path) ?? [];
    if (route?.pattern.isExact(path) !== true && !path.endsWith("/") && path !== "") {
      const [below] = this.#match(host, r.method, `${path}/`) ?? [];
      if (below?.pattern.isExact(`${path}/`) === true) {
        const to = new URL({ path: `${cleanPath(r.url.path)}/`, rawQuery: r.url.rawQuery }).string();
        return { handler: redirectHandler(to, statusTemporaryRedirect), pattern: below.pattern.text, values };
      }
    }
    if (path !== escaped) {
      const to = new URL({ path, rawQuery: r.url.rawQuery }).string();
      return { handler: redirectHandler(to, statusTemporaryRedirect), pattern: route?.pattern.text ?? "", values };
    }
    if (route !== undefined && found !== undefined) {
      return { handler: route.handler, pattern: route.pattern.text, values: found };
    }
    const allowed = this.#methods(host, path);
    if (allowed.length === 0) return { handler: notFoundHandler(), pattern: "", values };
    const refuse = handlerFunc((w) => {
      w.header().set("Allow", allowed.join(", "));
      return error(w, statusText(statusMethodNotAllowed), statusMethodNotAllowed);
    });
    return { handler: refuse, pattern: "", values };
  }

  #match(host: string, method: string, path: string): [Route, ReadonlyMap<string, string>] | undefined {
    let best: [Route, ReadonlyMap<string, string>] | undefined;
    for (const route of this.#routes) {
      const values = route.pattern.match(host, method, path);
      if (values !== undefined && (best === undefined || route.pattern.precedes(best[0].pattern))) {
        best = [route, values];
      }
    }
    return best;
  }

  /** The methods with which a path would be answered. */
  #methods(host: string, path: string): string[] {
    const methods = new Set<string>();
    const paths = path.endsWith("/") ? [path] : [path, `${path}/`];
    for (const { pattern } of this.#routes) {
      const { method } = pattern;
      if (method !== "" && paths.some((p) => pattern.match(host, method, p) !== undefined)) methods.add(method);
    }
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods].sort();
  }
}

/** Makes a mux. Mirrors Go's `http.NewServeMux`. */
export function newServeMux(): ServeMux {
  return new ServeMux();
}

/** The mux of {@link handle} and {@link handleFunc}, and of servers without a handler: `http.DefaultServeMux`. */
export const defaultServeMux: ServeMux = new ServeMux();

/** Adds a handler to {@link defaultServeMux}. */
export function handle(pattern: string, handler: Handler): void {
  defaultServeMux.handle(pattern, handler);
}

/** Adds a function to {@link defaultServeMux}. */
export function handleFunc(pattern: string, f: HandlerFunc): void {
  defaultServeMux.handleFunc(pattern, f);
}
