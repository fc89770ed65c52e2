/**
 * Splits a string at a separator; between characters if it is empty. Mirrors Go's `strings.Split`.
 *
 * @example
 * ```ts
 * console.log(strings.split("a,b,c", ","), strings.split("é!", "")); // [ 'a', 'b', 'c' ] [ 'é', '!' ]
 * ```
 */
export function split(text: string, separator: string): string[] {
  return cutUp(text, separator, 0, -1);
}

/** Splits into at most `limit` parts; the last one is the unsplit rest. Mirrors Go's `strings.SplitN`. */
export function splitN(text: string, separator: string, limit: number): string[] {
  return cutUp(text, separator, 0, limit);
}

/** Splits after each separator: the parts keep it. Mirrors Go's `strings.SplitAfter`. */
export function splitAfter(text: string, separator: string): string[] {
  return cutUp(text, separator, separator.length, -1);
}

/** Splits after each separator into at most `limit` parts. Mirrors Go's `strings.SplitAfterN`. */
export function splitAfterN(text: string, separator: string, limit: number): string[] {
  return cutUp(text, separator, separator.length, limit);
}

function cutUp(text: string, separator: string, kept: number, limit: number): string[] {
  if (limit === 0) return [];
  const parts: string[] = [];
  if (separator === "") {
    const chars = Array.from(text);
    if (limit < 0 || limit >= chars.length) return chars;
    return [...chars.slice(0, limit - 1), chars.slice(limit - 1).join("")];
  }
  const most = limit < 0 ? Infinity : limit;
  let start = 0;
  for (let left = most - 1; left > 0; left--) {
    const at = text.indexOf(separator, start);
    if (at < 0) break;
    parts.push(text.slice(start, at + kept));
    start = at + separator.length;
  }
  parts.push(text.slice(start));
  return parts;
}

/** Iterates over the parts of {@link split}. Mirrors Go's `strings.SplitSeq`. */
export function splitSeq(text: string, separator: string): Iterable<string> {
  return split(text, separator);
}

/** Iterates over the parts of {@link splitAfter}. Mirrors Go's `strings.SplitAfterSeq`. */
export function splitAfterSeq(text: string, separator: string): Iterable<string> {
  return splitAfter(text, separator);
}

/** Iterates over the lines of a string with their newlines. Mirrors Go's `strings.Lines`. */
export function lines(text: string): Iterable<string> {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * Splits a string at white space. Mirrors Go's `strings.Fields`: no part is empty.
 *
 * @example
 * ```ts
 * console.log(strings.fields("  foo bar  baz   ")); // [ 'foo', 'bar', 'baz' ]
 * ```
 */
export function fields(text: string): string[] {
  return text.match(/\P{White_Space}+/gu) ?? [];
}

/** Iterates over the parts of {@link fields}. Mirrors Go's `strings.FieldsSeq`. */
export function fieldsSeq(text: string): Iterable<string> {
  return fields(text);
}

/** Splits a string at code points that pass a test. Mirrors Go's `strings.FieldsFunc`. */
export function fieldsFunc(text: string, isSeparator: (rune: number) => boolean): string[] {
  const parts: string[] = [];
  let part = "";
  for (const char of text) {
    if (!isSeparator(char.codePointAt(0) as number)) {
      part += char;
      continue;
    }
    if (part !== "") parts.push(part);
    part = "";
  }
  if (part !== "") parts.push(part);
  return parts;
}

/** Iterates over the parts of {@link fieldsFunc}. Mirrors Go's `strings.FieldsFuncSeq`. */
export function fieldsFuncSeq(text: string, isSeparator: (rune: number) => boolean): Iterable<string> {
  return fieldsFunc(text, isSeparator);
}

/** Joins strings with a separator between them. Mirrors Go's `strings.Join`. */
export function join(parts: readonly string[] | undefined, separator: string): string {
  return (parts ?? []).join(separator);
}
