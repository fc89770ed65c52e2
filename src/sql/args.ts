import { describe } from "../runtime/arguments.ts";
import type { Connection } from "./connection.ts";
import { isValue, type NamedValue } from "./driver/driver.ts";

/** An argument that goes by its name; {@link named} makes it. Mirrors Go's `sql.NamedArg`. */
export class NamedArg {
  readonly name: string;
  readonly value: unknown;

  /** @internal */
  constructor(name: string, value: unknown) {
    this.name = name;
    this.value = value;
  }
}

/**
 * Makes an argument that goes by its name instead of its place, for engines that have such: `:name` or `@name` in SQLite.
 * Mirrors Go's `sql.Named`.
 *
 * @param name The name without the engine's prefix.
 * @throws TypeError `sql: the name of a parameter must begin with a letter, got …`
 *
 * @example
 * ```ts
 * const rows = await db.queryContext(ctx, "SELECT title FROM album WHERE artist = :artist", sql.named("artist", "Coltrane"));
 * await rows.close();
 * ```
 */
export function named(name: string, value: unknown): NamedArg {
  if (typeof name !== "string" || !/^\p{L}/u.test(name)) {
    throw new TypeError(`sql: the name of a parameter must begin with a letter, got ${describe(name)}`);
  }
  return new NamedArg(name, value);
}

/** Turns a user's arguments into what the driver of this connection takes. */
export function bind(connection: Connection, args: readonly unknown[]): NamedValue[] {
  return args.map((arg, i) => {
    const isNamed = arg instanceof NamedArg;
    const value = isNamed ? arg.value : arg;
    const given = { name: isNamed ? arg.name : "", ordinal: i + 1, value };
    const converted = connection.driver.checkNamedValue?.(given);
    if (converted !== undefined) return converted === value ? given : { ...given, value: converted };
    if (!isValue(value))
      throw new TypeError(`sql: converting argument ${label(given)} type: unsupported value ${describe(value)}`);
    return given;
  });
}

/** Refuses another number of arguments than the statement has parameters, as far as that is known. */
export function checkCount(wanted: number, args: readonly unknown[]): void {
  if (wanted >= 0 && wanted !== args.length) {
    throw new RangeError(`sql: expected ${wanted} arguments, got ${args.length}`);
  }
}

function label({ name, ordinal }: NamedValue): string {
  return name === "" ? `$${ordinal}` : `with name "${name}"`;
}
