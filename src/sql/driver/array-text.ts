/** Arrays as PostgreSQL writes them. */

/** Reads the text of an array, as `{1,NULL,"a b"}` or `[0:1]={{1,2},{3,4}}`; the bounds are dropped. */
export function parseArray(text: string, parse: (text: string) => unknown): unknown[] {
  let at = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
  const bad = (): SyntaxError => new SyntaxError(`sql: ${JSON.stringify(text)} is not an array`);

  const quoted = (): string => {
    let value = "";
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      if (at >= text.length) throw bad();
      value += text[at];
    }
    at++;
    return value;
  };
  const element = (): unknown => {
    if (text[at] === "{") return list();
    if (text[at] === '"') return parse(quoted());
    const start = at;
    while (at < text.length && text[at] !== "," && text[at] !== "}") at++;
    const bare = text.slice(start, at);
    return bare === "NULL" ? null : parse(bare);
  };
  const list = (): unknown[] => {
    if (text[at++] !== "{") throw bad();
    const values: unknown[] = [];
    if (text[at] === "}") {
      at++;
      return values;
    }
    for (;;) {
      values.push(element());
      const next = text[at++];
      if (next === "}") return values;
      if (next !== ",") throw bad();
    }
  };
  const values = list();
  if (at !== text.length) throw bad();
  return values;
}

/** Writes an array as text; `encode` writes an element, null for NULL. */
export function formatArray(values: readonly unknown[], encode: (value: unknown) => string | null): string {
  const elements = values.map((value) => {
    if (Array.isArray(value)) return formatArray(value as unknown[], encode);
    const text = encode(value);
    return text === null ? "NULL" : `"${text.replace(/[\\"]/g, "\\$&")}"`;
  });
  return `{${elements.join(",")}}`;
}
