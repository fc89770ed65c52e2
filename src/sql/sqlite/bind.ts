/** Arguments on their way into a statement. */

import type { Argument, Stored } from "./tasks.ts";
import { type Memory, Misuse } from "./text.ts";
import type { Pointer, Sqlite } from "./wasm.ts";

/**
 * Gives a statement its arguments: those without a name by their places, the others by `:name`, `@name` or `$name`.
 *
 * @throws Misuse `sql: expected 2 arguments, got 1`, or what is wrong with the names
 */
export function bind(
  sqlite: Sqlite,
  memory: Memory,
  statement: Pointer,
  args: readonly Argument[],
  check: (code: number) => void,
): void {
  const x = sqlite.wasm.exports;
  const count = statement === 0 ? 0 : x.sqlite3_bind_parameter_count(statement);
  const byPlace = args.every(({ name }) => name === "");
  if (byPlace && args.length !== count) throw new Misuse(`sql: expected ${count} arguments, got ${args.length}`);
  if (count === 0 && args.length === 0) return;
  const values = byPlace ? args.map(({ value }) => value) : inPlaces(namesOf(sqlite, memory, statement, count), args);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as Stored;
    if (value !== null) check(bindOne(sqlite, memory, statement, i + 1, value));
  }
}

/** Returns the names of the parameters, with their prefixes; "" for those that have none. */
function namesOf({ wasm }: Sqlite, memory: Memory, statement: Pointer, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    memory.string(wasm.exports.sqlite3_bind_parameter_name(statement, index + 1)),
  );
}

/** Sorts arguments, of which some have names, into the places of the parameters. */
function inPlaces(names: readonly string[], args: readonly Argument[]): Stored[] {
  const values: (Stored | undefined)[] = names.map(() => undefined);
  for (const [ordinal, { name, value }] of args.entries()) {
    const places = name === "" ? [ordinal] : placesOf(names, name);
    if (name === "" && ordinal >= names.length) {
      throw new Misuse(`sql: expected ${names.length} arguments, got ${args.length}`);
    }
    for (const place of places) {
      if (values[place] !== undefined) throw new Misuse(`sqlite: two values for the parameter ${shown(names, place)}`);
      values[place] = value;
    }
  }
  return values.map((value, place) => {
    if (value === undefined) throw new Misuse(`sqlite: no value for the parameter ${shown(names, place)}`);
    return value;
  });
}

/** A name stands for all that differ in the prefix only. */
function placesOf(names: readonly string[], name: string): number[] {
  const places = names.flatMap((known, place) => (/^[:@$]/.test(known) && known.slice(1) === name ? [place] : []));
  if (places.length === 0) throw new Misuse(`sqlite: the statement has no parameter of the name ${name}`);
  return places;
}

function shown(names: readonly string[], place: number): string {
  return names[place] === "" ? `${place + 1}` : (names[place] as string);
}

function bindOne({ wasm, capi }: Sqlite, memory: Memory, statement: Pointer, index: number, value: Stored): number {
  const x = wasm.exports;
  if (value === null) return x.sqlite3_bind_null(statement, index);
  if (typeof value === "bigint") return x.sqlite3_bind_int64(statement, index, value);
  if (typeof value === "number") {
    // -0 is a real number for SQLite, and what is no safe integer may have lost its last digits already.
    const isInteger = Number.isSafeInteger(value) && !Object.is(value, -0);
    // One that fits is stored all the same; a BigInt is slow.
    if (isInteger && (value | 0) === value) return x.sqlite3_bind_int(statement, index, value);
    return isInteger
      ? x.sqlite3_bind_int64(statement, index, BigInt(value))
      : x.sqlite3_bind_double(statement, index, value);
  }
  if (typeof value === "string") {
    const text = memory.putText(value);
    return x.sqlite3_bind_text(statement, index, text, memory.written, capi.SQLITE_WASM_DEALLOC);
  }
  return x.sqlite3_bind_blob(statement, index, memory.put(value), value.length, capi.SQLITE_WASM_DEALLOC);
}
