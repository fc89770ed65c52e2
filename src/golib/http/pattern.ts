import { pathUnescape } from "../url/url.ts";

/** One part of a pattern's path: a literal, a wildcard, or a wildcard for the rest. `/` is the end, `{$}`. */
interface Segment {
  readonly text: string;
  readonly wild: boolean;
  readonly multi: boolean;
}

/** How the requests that one pattern matches relate to those of another. */
type Relation = "equivalent" | "moreGeneral" | "moreSpecific" | "disjoint" | "overlaps";

/** A pattern of a mux: `[METHOD ][HOST]/[PATH]`. */
export class Pattern {
  readonly text: string;
  readonly method: string;
  readonly host: string;
  readonly segments: readonly Segment[];

  /** @throws Error what is wrong with the pattern */
  constructor(text: string) {
    if (text === "") throw new Error("empty pattern");
    const [, method = "", rest = ""] = /^(?:([^ \t]*)[ \t]+)?(.*)$/s.exec(text) ?? [];
    const fail = (at: number, problem: string): Error => new Error(`at offset ${at}: ${problem}`);
    if (!/^[A-Za-z0-9!#$%&'*+\-.^_`|~]*$/.test(method)) throw fail(0, `invalid method ${JSON.stringify(method)}`);
    const start = method === "" ? 0 : method.length + 1;
    const slash = rest.indexOf("/");
    if (slash < 0) throw fail(start, "host/path missing /");
    this.host = rest.slice(0, slash);
    const path = rest.slice(slash);
    if (this.host.includes("{")) {
      throw fail(start + this.host.indexOf("{"), "host contains '{' (missing initial '/'?)");
    }
    if (method !== "" && method !== "CONNECT" && path !== cleanPath(path)) {
      throw fail(start + slash, "non-CONNECT pattern with unclean path can never match");
    }
    this.text = text;
    this.method = method;
    let at = text.length - path.length;
    this.segments = path
      .slice(1)
      .split("/")
      .map((part, i, parts) => {
        const isLast = i === parts.length - 1;
        at++;
        const refuse = (problem: string): Error => fail(at, problem);
        const segment = segmentOf(part, isLast, refuse);
        if (segment.wild && segment.text !== "" && parts.slice(0, i).some((p) => nameOf(p) === segment.text)) {
          throw refuse(`duplicate wildcard name ${JSON.stringify(segment.text)}`);
        }
        at += part.length;
        return segment;
      });
  }

  /** Returns what the wildcards match; undefined if the pattern does not match. */
  match(host: string, method: string, path: string): ReadonlyMap<string, string> | undefined {
    if (this.host !== "" && this.host !== host) return undefined;
    if (this.method !== "" && this.method !== method && !(this.method === "GET" && method === "HEAD")) return undefined;
    const parts = path.slice(1).split("/");
    const values = new Map<string, string>();
    for (const [i, { text, wild, multi }] of this.segments.entries()) {
      const part = parts[i];
      if (part === undefined) return undefined;
      if (multi) {
        if (text !== "") values.set(text, decoded(parts.slice(i).join("/")));
        return values;
      }
      if (wild) {
        if (part === "" && i === parts.length - 1) return undefined;
        values.set(text, decoded(part));
      } else if (text === "/" ? part !== "" || i !== parts.length - 1 : decoded(part) !== text || part === "") {
        return undefined;
      }
    }
    return parts.length === this.segments.length ? values : undefined;
  }

  /** Tells whether a path that matches is matched without a rest. */
  isExact(path: string): boolean {
    if (this.segments.at(-1)?.multi !== true) return true;
    return path.endsWith("/") && this.segments.length === path.split("/").length - 1;
  }

  /** Tells whether this pattern takes precedence over another one that matches the same request. */
  precedes(other: Pattern): boolean {
    if (this.host !== other.host) return this.host !== "";
    return compare(this, other) === "moreSpecific";
  }

  /** Says why neither of two patterns takes precedence; undefined if one does. */
  conflict(other: Pattern): string | undefined {
    if (this.host !== other.host) return undefined;
    const relation = compare(this, other);
    const [a, b] = [this.text, other.text];
    if (relation === "equivalent") return `${a} matches the same requests as ${b}`;
    if (relation !== "overlaps") return undefined;
    const paths = comparePaths(this, other);
    if (paths === "overlaps") {
      return `${a} and ${b} both match some paths.\nBut neither is more specific than the other.`;
    }
    return paths === "moreSpecific"
      ? `${a} matches more methods than ${b}, but has a more specific path pattern`
      : `${a} matches fewer methods than ${b}, but has a more general path pattern`;
  }
}

/** Removes `.`, `..` and empty parts from a path, and keeps a slash at its end. */
export function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return kept.length === 0 ? "/" : `/${kept.join("/")}${path.endsWith("/") ? "/" : ""}`;
}

function decoded(part: string): string {
  const [text, err] = pathUnescape(part);
  return err === undefined ? text : part;
}

function nameOf(part: string): string | undefined {
  return /^\{(.*?)(?:\.\.\.)?\}$/.exec(part)?.[1];
}

function segmentOf(part: string, isLast: boolean, refuse: (problem: string) => Error): Segment {
  if (part === "" && isLast) return { text: "", wild: true, multi: true };
  if (!part.includes("{")) return { text: decoded(part), wild: false, multi: false };
  if (!part.startsWith("{")) throw refuse("bad wildcard segment (must start with '{')");
  if (!part.endsWith("}")) throw refuse("bad wildcard segment (must end with '}')");
  if (part === "{$}") {
    if (!isLast) throw refuse("{$} not at end");
    return { text: "/", wild: false, multi: false };
  }
  const multi = part.endsWith("...}");
  if (multi && !isLast) throw refuse("{...} wildcard not at end");
  const text = part.slice(1, multi ? -4 : -1);
  if (text === "") throw refuse("empty wildcard");
  if (!/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(text)) throw refuse(`bad wildcard name ${JSON.stringify(text)}`);
  return { text, wild: true, multi };
}

function compare(p1: Pattern, p2: Pattern): Relation {
  return combine(compareMethods(p1.method, p2.method), comparePaths(p1, p2));
}

function compareMethods(m1: string, m2: string): Relation {
  if (m1 === m2) return "equivalent";
  if (m1 === "" || (m1 === "GET" && m2 === "HEAD")) return "moreGeneral";
  return m2 === "" || (m2 === "GET" && m1 === "HEAD") ? "moreSpecific" : "disjoint";
}

function comparePaths({ segments: s1 }: Pattern, { segments: s2 }: Pattern): Relation {
  let relation: Relation = "equivalent";
  const common = Math.min(s1.length, s2.length);
  for (let i = 0; i < common; i++) {
    relation = combine(relation, compareSegments(s1[i] as Segment, s2[i] as Segment));
    if (relation === "disjoint") return relation;
  }
  if (s1.length === s2.length) return relation;
  if (s1.length < s2.length && s1.at(-1)?.multi === true) return combine(relation, "moreGeneral");
  if (s2.length < s1.length && s2.at(-1)?.multi === true) return combine(relation, "moreSpecific");
  return "disjoint";
}

function compareSegments(a: Segment, b: Segment): Relation {
  if (a.multi || b.multi) {
    if (a.multi && b.multi) return "equivalent";
    return a.multi ? "moreGeneral" : "moreSpecific";
  }
  if (a.wild && b.wild) return "equivalent";
  // A wildcard for one part does not match the end.
  if (a.wild) return b.text === "/" ? "disjoint" : "moreGeneral";
  if (b.wild) return a.text === "/" ? "disjoint" : "moreSpecific";
  return a.text === b.text ? "equivalent" : "disjoint";
}

function combine(r1: Relation, r2: Relation): Relation {
  if (r1 === "equivalent" || r1 === r2) return r2;
  if (r2 === "equivalent") return r1;
  return r1 === "disjoint" || r2 === "disjoint" ? "disjoint" : "overlaps";
}
