import { printed } from "../url/values.ts";

/** Returns the usual spelling of a header's name: `Content-Type`. Mirrors Go's `http.CanonicalHeaderKey`. */
export function canonicalHeaderKey(key: string): string {
  if (!/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(key)) return key;
  return key.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

/**
 * The headers of a request or response. Mirrors Go's `http.Header`; the map itself is `map`, its keys are canonical.
 *
 * @example
 * ```ts
 * const header = new http.Header();
 * header.set("content-type", "text/plain");
 * console.log(header.get("Content-Type"), header.map.size); // text/plain 1
 * ```
 */
export class Header {
  readonly map: Map<string, string[]>;

  /** Takes a map over, or makes one of entries. */
  constructor(entries: Map<string, string[]> | Iterable<readonly [string, string[]]> = []) {
    this.map = entries instanceof Map ? entries : new Map(entries);
  }

  /** Returns the first value; `""` if there is none. */
  get(key: string): string {
    return this.values(key)[0] ?? "";
  }

  set(key: string, value: string): void {
    this.map.set(canonicalHeaderKey(key), [value]);
  }

  add(key: string, value: string): void {
    this.map.set(canonicalHeaderKey(key), [...this.values(key), value]);
  }

  del(key: string): void {
    this.map.delete(canonicalHeaderKey(key));
  }

  values(key: string): string[] {
    return this.map.get(canonicalHeaderKey(key)) ?? [];
  }

  clone(): Header {
    return new Header(new Map(Array.from(this.map, ([key, values]) => [key, [...values]])));
  }

  /** Prints as a map of Go. */
  toString(): string {
    return printed(this.map);
  }
}

/** Makes a header of Node's list of names and values. */
export function headerOf(raw: readonly string[]): Header {
  const header = new Header();
  for (let i = 0; i + 1 < raw.length; i += 2) header.add(raw[i] as string, raw[i + 1] as string);
  return header;
}
