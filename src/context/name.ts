import type { Context } from "./types.ts";

/**
 * Returns the name of a context that was not derived here: its own string if it has one, otherwise its class's name.
 */
export function foreignName(ctx: Context): string {
  return ownString(ctx) ?? typeOf(ctx);
}

/**
 * Prints a key or a value as Go's contexts do: by its own string if it has one, a string as it is, null and undefined
 * as `<nil>`, everything else as its type, because a value may be huge.
 */
export function keyOrValue(value: unknown): string {
  if (typeof value === "string") return value;
  return (isObject(value) ? ownString(value) : undefined) ?? typeOf(value);
}

/** Returns the name of a value's type; `<nil>` for null and undefined. */
export function typeOf(value: unknown): string {
  if (value === undefined || value === null) return "<nil>";
  if (!isObject(value)) return typeof value;
  return (Object.getPrototypeOf(value) as Partial<object> | null)?.constructor?.name || "Object";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** The language's own `toString`s: an object that inherits one of them has no string of its own. */
const inherited: ReadonlySet<unknown> = new Set(
  [Object, Error, Array, Date, RegExp].map((type): unknown => type.prototype.toString),
);

function ownString(value: object): string | undefined {
  const { toString } = value as { toString: unknown };
  return typeof toString === "function" && !inherited.has(toString) ? (toString.call(value) as string) : undefined;
}
