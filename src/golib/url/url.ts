/**
 * URLs and queries. Mirrors the part of Go's `net/url` that servers and clients need.
 *
 * @module
 */

import { Error as UrlError } from "../../http/url.ts";
import { escape, unescape } from "./escape.ts";
import { parseQuery, type Values } from "./values.ts";

export { Error } from "../../http/url.ts";
export { parseQuery, Values } from "./values.ts";

/** A name with a password, if there is one. Mirrors Go's `url.Userinfo`. */
export class Userinfo {
  readonly #name: string;
  readonly #password: string | undefined;

  /** Made by {@link user} and {@link userPassword}. */
  constructor(name: string, password?: string) {
    this.#name = name;
    this.#password = password;
  }

  username(): string {
    return this.#name;
  }

  password(): [password: string, isSet: boolean] {
    return [this.#password ?? "", this.#password !== undefined];
  }

  string(): string {
    const name = escape(this.#name, "user");
    return this.#password === undefined ? name : `${name}:${escape(this.#password, "user")}`;
  }

  toString(): string {
    return this.string();
  }
}

/** Returns a name without a password. */
export function user(name: string): Userinfo {
  return new Userinfo(name);
}

/** Returns a name with a password. */
export function userPassword(name: string, password: string): Userinfo {
  return new Userinfo(name, password);
}

/**
 * A URL in its parts. Mirrors Go's `url.URL`.
 *
 * @example
 * ```ts
 * const [u] = url.parse("http://localhost:8080/search?q=go#top");
 * console.log(u.host, u.path, u.query().get("q")); // localhost:8080 /search go
 * ```
 */
export class URL {
  scheme = "";
  opaque = "";
  user: Userinfo | undefined;
  host = "";
  /** The path, decoded. */
  path = "";
  /** The path as it was written, if that is not the usual way. */
  rawPath = "";
  forceQuery = false;
  rawQuery = "";
  fragment = "";

  constructor(parts: Partial<Pick<URL, Parts>> = {}) {
    Object.assign(this, parts);
  }

  /** Parses the query; what is wrong in it is left out. */
  query(): Values {
    return parseQuery(this.rawQuery)[0];
  }

  isAbs(): boolean {
    return this.scheme !== "";
  }

  /** The host without the port, and without the brackets of IPv6. */
  hostname(): string {
    return this.host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
  }

  port(): string {
    return /:(\d*)$/.exec(this.host)?.[1] ?? "";
  }

  escapedPath(): string {
    if (this.rawPath !== "" && /^[A-Za-z0-9\-_.~!$&'()*+,/;=:@[\]%]*$/.test(this.rawPath)) {
      const [path, err] = unescape(this.rawPath, false);
      if (err === undefined && path === this.path) return this.rawPath;
    }
    return this.path === "*" ? "*" : escape(this.path, "path");
  }

  /** What a client sends in the first line of a request. */
  requestURI(): string {
    let uri = this.opaque === "" ? this.escapedPath() || "/" : this.opaque;
    if (this.opaque.startsWith("//")) uri = `${this.scheme}:${uri}`;
    return uri + (this.forceQuery || this.rawQuery !== "" ? `?${this.rawQuery}` : "");
  }

  /** Parses a URL relative to this one. */
  parse(ref: string): [url: URL, err: Error | undefined] {
    const [u, err] = parse(ref);
    return err === undefined ? [this.resolveReference(u), undefined] : [u, err];
  }

  /** Returns the absolute URL of a reference that stands in a document at this URL. */
  resolveReference(ref: URL): URL {
    const u = changed(ref, { scheme: ref.scheme || this.scheme });
    if (ref.scheme !== "" || ref.host !== "" || ref.user !== undefined) {
      setPath(u, resolved(ref.escapedPath(), ""));
      return u;
    }
    if (ref.opaque !== "") return changed(u, { user: undefined, host: "", path: "" });
    if (ref.path === "" && !ref.forceQuery && ref.rawQuery === "") {
      u.rawQuery = this.rawQuery;
      if (ref.fragment === "") u.fragment = this.fragment;
    }
    u.host = this.host;
    u.user = this.user;
    if (ref.path === "" && this.opaque !== "") return changed(u, { opaque: this.opaque });
    setPath(u, resolved(this.escapedPath(), ref.escapedPath()));
    return u;
  }

  string(): string {
    let text = this.scheme === "" ? "" : `${this.scheme}:`;
    if (this.opaque !== "") text += this.opaque;
    else {
      const path = this.escapedPath();
      if (this.scheme !== "" || this.host !== "" || this.user !== undefined) {
        if (this.host !== "" || this.path !== "" || this.user !== undefined) text += "//";
        text += `${this.user === undefined ? "" : `${this.user.string()}@`}${this.host}`;
      }
      if (path !== "" && !path.startsWith("/") && this.host !== "") text += "/";
      if (text === "" && path.split("/")[0]?.includes(":")) text += "./";
      text += path;
    }
    if (this.forceQuery || this.rawQuery !== "") text += `?${this.rawQuery}`;
    return this.fragment === "" ? text : `${text}#${escape(this.fragment, "fragment")}`;
  }

  /** As `string`, with `xxxxx` for the password. */
  redacted(): string {
    const { user } = this;
    if (user?.password()[1] !== true) return this.string();
    return changed(this, { user: userPassword(user.username(), "xxxxx") }).string();
  }

  toString(): string {
    return this.string();
  }
}

type Parts = "scheme" | "opaque" | "user" | "host" | "path" | "rawPath" | "forceQuery" | "rawQuery" | "fragment";

function changed(u: URL, parts: Partial<Pick<URL, Parts>>): URL {
  return Object.assign(new URL(), u, parts);
}

/** Sets the path from its escaped form. */
function setPath(u: URL, escaped: string): Error | undefined {
  const [path, err] = unescape(escaped, false);
  if (err !== undefined) return err;
  u.path = path;
  u.rawPath = escape(path, "path") === escaped ? "" : escaped;
  return undefined;
}

/** Resolves `.` and `..` in a path that stands relative to a base. */
function resolved(base: string, ref: string): string {
  let full = ref;
  if (ref === "") full = base;
  else if (!ref.startsWith("/")) full = base.slice(0, base.lastIndexOf("/") + 1) + ref;
  if (full === "") return "";
  const parts = full.split("/");
  const kept: string[] = [];
  for (const part of parts) {
    if (part === "..") kept.pop();
    else if (part !== ".") kept.push(part);
    if (part === ".." && kept.length === 0) kept.push("");
  }
  const last = parts.at(-1);
  if (last === "." || last === "..") kept.push("");
  return `/${kept.join("/").replace(/^\/+/, "")}`;
}

/**
 * Parses a URL, absolute or relative. Mirrors Go's `url.Parse`.
 *
 * @example
 * ```ts
 * const [, err] = url.parse("http://[::1");
 * console.log(err?.message); // parse "http://[::1": missing ']' in host
 * ```
 */
export function parse(rawURL: string): [url: URL, err: Error | undefined] {
  const at = rawURL.indexOf("#");
  const [u, problem] = parts(at < 0 ? rawURL : rawURL.slice(0, at), false);
  if (u === undefined) return failed(new UrlError("parse", at < 0 ? rawURL : rawURL.slice(0, at), problem));
  const [fragment, err] = unescape(at < 0 ? "" : rawURL.slice(at + 1), false);
  if (err !== undefined) return failed(new UrlError("parse", rawURL, err));
  u.fragment = fragment;
  return [u, undefined];
}

/** Parses the URL of a request: an absolute one or a path. Mirrors Go's `url.ParseRequestURI`. */
export function parseRequestURI(rawURL: string): [url: URL, err: Error | undefined] {
  const [u, problem] = parts(rawURL, true);
  return u === undefined ? failed(new UrlError("parse", rawURL, problem)) : [u, undefined];
}

/** A result that is nil beside its error. */
function failed(err: Error): [url: URL, err: Error] {
  return [undefined as unknown as URL, err];
}

function parts(text: string, viaRequest: boolean): [url: URL | undefined, err: Error | undefined] {
  const fail = (message: string): [undefined, Error] => [undefined, new globalThis.Error(message)];
  // oxlint-disable-next-line no-control-regex -- that is what is refused
  if (/[\u0000-\u001F\u007F]/.test(text)) return fail("net/url: invalid control character in URL");
  if (text === "" && viaRequest) return fail("empty url");
  const u = new URL();
  if (text === "*") return [new URL({ path: "*" }), undefined];
  if (text.startsWith(":")) return fail("missing protocol scheme");
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1];
  u.scheme = scheme?.toLowerCase() ?? "";
  let rest = scheme === undefined ? text : text.slice(scheme.length + 1);
  if (rest.endsWith("?") && rest.indexOf("?") === rest.length - 1) {
    u.forceQuery = true;
    rest = rest.slice(0, -1);
  } else if (rest.includes("?")) {
    u.rawQuery = rest.slice(rest.indexOf("?") + 1);
    rest = rest.slice(0, rest.indexOf("?"));
  }
  if (!rest.startsWith("/")) {
    if (u.scheme !== "") {
      u.opaque = rest;
      return [u, undefined];
    }
    if (viaRequest) return fail("invalid URI for request");
    if (rest.split("/")[0]?.includes(":")) return fail("first path segment in URL cannot contain colon");
  }
  if ((u.scheme !== "" || (!viaRequest && !rest.startsWith("///"))) && rest.startsWith("//")) {
    const end = rest.indexOf("/", 2);
    const err = setAuthority(u, end < 0 ? rest.slice(2) : rest.slice(2, end));
    if (err !== undefined) return [undefined, err];
    rest = end < 0 ? "" : rest.slice(end);
  }
  const err = setPath(u, rest);
  return err === undefined ? [u, undefined] : [undefined, err];
}

function setAuthority(u: URL, authority: string): Error | undefined {
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  if (host.startsWith("[") && !host.includes("]")) return new globalThis.Error("missing ']' in host");
  const port = host.startsWith("[") ? host.slice(host.indexOf("]") + 1) : host.slice(host.indexOf(":") >>> 0);
  if (port !== "" && !/^:\d*$/.test(port)) {
    return new globalThis.Error(`invalid port ${JSON.stringify(port)} after host`);
  }
  const bad = /[ "<>\\^`{|}]/.exec(host);
  if (bad !== null) return new globalThis.Error(`invalid character ${JSON.stringify(bad[0])} in host name`);
  const [name, err] = unescape(host, false);
  if (err !== undefined) return err;
  u.host = name;
  if (at < 0) return undefined;
  const info = authority.slice(0, at);
  const colon = info.indexOf(":");
  const [username, nameErr] = unescape(colon < 0 ? info : info.slice(0, colon), false);
  const [password, passwordErr] = unescape(info.slice(colon + 1), false);
  if (nameErr !== undefined || passwordErr !== undefined) return nameErr ?? passwordErr;
  u.user = new Userinfo(username, colon < 0 ? undefined : password);
  return undefined;
}

/** Escapes a text for a query. Mirrors Go's `url.QueryEscape`. */
export function queryEscape(text: string): string {
  return escape(text, "query");
}

/** Undoes {@link queryEscape}. */
export function queryUnescape(text: string): [text: string, err: Error | undefined] {
  return unescape(text, true);
}

/** Escapes a text for a segment of a path. Mirrors Go's `url.PathEscape`. */
export function pathEscape(text: string): string {
  return escape(text, "segment");
}

/** Undoes {@link pathEscape}. */
export function pathUnescape(text: string): [text: string, err: Error | undefined] {
  return unescape(text, false);
}
