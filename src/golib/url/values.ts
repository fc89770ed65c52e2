import { escape, unescape } from "./escape.ts";

/**
 * The parameters of a query or a form. Mirrors Go's `url.Values`: the map itself is `map`.
 *
 * @example
 * ```ts
 * const values = new url.Values([["name", ["Ava"]]]);
 * values.add("friend", "Jess");
 * console.log(values.get("name"), values.encode()); // Ava friend=Jess&name=Ava
 * ```
 */
export class Values {
  readonly map: Map<string, string[]>;

  /** Takes a map over, or makes one of entries. */
  constructor(entries: Map<string, string[]> | Iterable<readonly [string, string[]]> = []) {
    this.map = entries instanceof Map ? entries : new Map(entries);
  }

  /** Returns the first value; `""` if there is none. */
  get(key: string): string {
    return this.map.get(key)?.[0] ?? "";
  }

  set(key: string, value: string): void {
    this.map.set(key, [value]);
  }

  add(key: string, value: string): void {
    this.map.set(key, [...(this.map.get(key) ?? []), value]);
  }

  del(key: string): void {
    this.map.delete(key);
  }

  has(key: string): boolean {
    return this.map.has(key);
  }

  /** Returns `a=1&b=2`, sorted by key. */
  encode(): string {
    const pairs = sorted(this.map).flatMap(([key, values]) =>
      values.map((value) => `${escape(key, "query")}=${escape(value, "query")}`),
    );
    return pairs.join("&");
  }

  /** Prints as a map of Go. */
  toString(): string {
    return printed(this.map);
  }
}

/** The entries of a map in the order in which Go prints them. */
export function sorted(map: Map<string, string[]>): [key: string, values: string[]][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Prints a map of lists as Go's `%v` does. */
export function printed(map: Map<string, string[]>): string {
  return `map[${sorted(map)
    .map(([key, values]) => `${key}:[${values.join(" ")}]`)
    .join(" ")}]`;
}

/** Reads `a=1&b=2`. Mirrors Go's `url.ParseQuery`: what is wrong is left out, and the first error returned. */
export function parseQuery(query: string): [values: Values, err: Error | undefined] {
  const values = new Values();
  let first: Error | undefined;
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    if (pair.includes(";")) {
      first ??= new Error("invalid semicolon separator in query");
      continue;
    }
    const at = pair.indexOf("=");
    const [key, keyErr] = unescape(at < 0 ? pair : pair.slice(0, at), true);
    const [value, valueErr] = unescape(at < 0 ? "" : pair.slice(at + 1), true);
    const err = keyErr ?? valueErr;
    if (err === undefined) values.add(key, value);
    else first ??= err;
  }
  return [values, first];
}
