/** How the values of one row become what the program asked for. */

import { describe } from "../runtime/arguments.ts";
import type { Column } from "./driver/driver.ts";
import { makerOf, type RowObject, type Values } from "./row-maker.ts";
import { type Scanned, scanColumn, type Scanner, type Shape, type Shaped } from "./scan.ts";

export type { RowObject, Values } from "./row-maker.ts";

/** The first row of a query. */
export interface First {
  readonly columns: readonly Column[];
  /** Undefined if there is none. */
  readonly row: Values | undefined;
}

/** Refuses what a driver must not return as rows. */
export function checkBatch(batch: readonly Values[]): readonly Values[] {
  if (Array.isArray(batch)) return batch;
  throw new TypeError(`sql: the driver's next must return an array, got ${describe(batch)}`);
}

/** Reads a row by the places of its columns; without scanners as it is. */
export function scanRow<S extends readonly Scanner<unknown>[]>(
  columns: readonly Column[],
  row: Values,
  scanners: S,
): Scanned<S> | Values {
  if (scanners.length === 0) return row;
  if (scanners.length !== columns.length) {
    throw new RangeError(`sql: expected ${columns.length} destination arguments in Scan, not ${scanners.length}`);
  }
  return scanners.map((scanner, i) => scanColumn(scanner, row[i], i, columns[i] as Column));
}

/** Returns a function that reads rows by the names of a shape. */
export function shapeOf<S extends Shape>(columns: readonly Column[], shape: S): (row: Values) => Shaped<S> {
  const places = Object.entries(shape).map(([name, scanner]) => ({ name, scanner, index: placeOf(columns, name) }));
  const empty = Object.fromEntries(places.map(({ name }) => [name, null])) as Record<string, unknown>;
  return (row) => {
    const object = { ...empty };
    for (const { name, scanner, index } of places) {
      object[name] = scanColumn(scanner, row[index], index, columns[index] as Column);
    }
    return object as Shaped<S>;
  };
}

/** Returns a function that makes objects of rows. */
export function objectsOf(columns: readonly Column[]): (row: Values) => RowObject {
  const names = columns.map(({ name }) => name);
  for (const name of names) placeOf(columns, name);
  return makerOf(names);
}

/** Returns the place of the one column of this name: of two, an object could hold but one. */
function placeOf(columns: readonly Column[], name: string): number {
  const index = columns.findIndex((column) => column.name === name);
  if (index < 0) {
    throw new Error(`sql: no column "${name}" (the columns are ${columns.map((column) => column.name).join(", ")})`);
  }
  if (columns.some((column, i) => i > index && column.name === name)) {
    throw new Error(`sql: two columns are called "${name}"`);
  }
  return index;
}
