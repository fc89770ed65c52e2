import type { Context } from "./context.ts";

/** Returns the name of a context that was not derived here: its own string if it has one, otherwise its class's name. */
export function foreignName(ctx: Context): string {
  return ownString(ctx) ?? typeName(ctx);
}

/**
 * Prints a key or a value as Go's contexts do: by its own string if it has one, a string as it is, nothing as `<nil>`,
 * and of everything else only the type, because a value may be secret or huge.
 */
export function keyOrValue(value: unknown): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "string") return value;
  return typeof value === "object" ? (ownString(value) ?? typeName(value)) : typeof value;
}

/** Every object inherits a `toString`; the ones that the language itself provides say nothing that was meant to be said. */
const inherited: ReadonlySet<unknown> = new Set(
  [Object, Error, Array, Date, RegExp].map((type): unknown => type.prototype.toString),
);

function ownString(value: object): string | undefined {
  const { toString } = value as { toString: unknown };
  return typeof toString === "function" && !inherited.has(toString) ? (toString.call(value) as string) : undefined;
}

function typeName(value: object): string {
  return (Object.getPrototypeOf(value) as Partial<object> | null)?.constructor?.name || "Object";
}
