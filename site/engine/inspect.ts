/** Writes values as Node's console does, in so far as programs of the site print them. */

/** Writes the arguments of one call of `console.log`. */
export function line(values: readonly unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== "string" || rest.length === 0 || !/%[sdifoOjc%]/.test(first)) return values.map(top).join(" ");
  const left = [...rest];
  const text = first.replace(/%([sdifoOjc%])/g, (whole, form: string) => {
    if (form === "%") return "%";
    if (left.length === 0) return whole;
    const value = left.shift();
    if (form === "c") return "";
    if (form === "d") return String(Number(value));
    if (form === "i") return String(Math.trunc(Number(value)));
    if (form === "f") return String(Number.parseFloat(String(value)));
    if (form === "j") return JSON.stringify(value);
    return form === "s" ? top(value) : inspect(value);
  });
  return [text, ...left.map(top)].join(" ");
}

function top(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}

/** Deeper objects are shown by their kind, as Node shows them. */
const maxDepth = 2;

/** What fits into a line. */
const width = 72;

export function inspect(value: unknown, depth: number = 0, seen: readonly object[] = []): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return value.toString();
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return `[Function${value.name === "" ? " (anonymous)" : `: ${value.name}`}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (seen.includes(value)) return "[Circular *1]";
  if (value instanceof Error) return value.stack?.split("\n")[0] ?? String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof RegExp) return String(value);
  const name =
    (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor?.name ?? "Object";
  const inner = (one: unknown): string => inspect(one, depth + 1, [...seen, value]);
  if (Array.isArray(value)) {
    if (depth > maxDepth) return "[Array]";
    return list("[", value.map(inner), "]");
  }
  if (depth > maxDepth) return `[${name}]`;
  if (value instanceof Map) {
    return list(
      `Map(${value.size}) {`,
      [...value].map(([key, one]) => `${inner(key)} => ${inner(one)}`),
      "}",
    );
  }
  if (value instanceof Set) return list(`Set(${value.size}) {`, [...value].map(inner), "}");
  const entries = Object.entries(value).map(
    ([key, one]) => `${/^[\w$]+$/.test(key) ? key : quoted(key)}: ${inner(one)}`,
  );
  return list(name === "Object" ? "{" : `${name} {`, entries, "}");
}

function list(open: string, parts: readonly string[], close: string): string {
  if (parts.length === 0) return `${open}${close}`;
  const flat = `${open} ${parts.join(", ")} ${close}`;
  if (flat.length <= width && !flat.includes("\n")) return flat;
  return `${open}\n${parts.map((part) => `  ${part.replaceAll("\n", "\n  ")}`).join(",\n")}\n${close}`;
}

function quoted(text: string): string {
  const quote = text.includes("'") ? (text.includes('"') ? "`" : '"') : "'";
  const escaped = text.replace(/[\\\n\t]/g, (char) => ({ "\\": "\\\\", "\n": "\\n", "\t": "\\t" })[char] ?? char);
  return quote + escaped + quote;
}
