/** Rows on their way out of a statement. */

import type { Stored } from "./tasks.ts";
import { decode, type Memory } from "./text.ts";
import type { Pointer, Sqlite } from "./wasm.ts";

const integerType = 1;
const floatType = 2;
const textType = 3;
const blobType = 4;

/** Returns the names of the columns, and the types that they were declared with. */
export function columnsOf(
  { wasm }: Sqlite,
  memory: Memory,
  statement: Pointer,
  width: number,
): { name: string; databaseTypeName: string }[] {
  return Array.from({ length: width }, (_, column) => ({
    name: memory.string(wasm.exports.sqlite3_column_name(statement, column)),
    databaseTypeName: memory.string(wasm.exports.sqlite3_column_decltype(statement, column)),
  }));
}

/** Reads the row on which a statement stands. `count` gets the bytes of each value without a fixed size. */
export function readRow(
  { wasm }: Sqlite,
  memory: Memory,
  statement: Pointer,
  width: number,
  count: (bytes: number) => void,
): Stored[] {
  const x = wasm.exports;
  // Of its length from the beginning: one that grows has room for 17 values as soon as it has one.
  // oxlint-disable-next-line unicorn/no-new-array
  const row = new Array<Stored>(width);
  for (let column = 0; column < width; column++) {
    switch (x.sqlite3_column_type(statement, column)) {
      case integerType: {
        // As a double first: a BigInt is slow. One that has been rounded is not safe.
        const value = x.sqlite3_column_double(statement, column);
        row[column] = Number.isSafeInteger(value) ? value : x.sqlite3_column_int64(statement, column);
        break;
      }
      case floatType:
        row[column] = x.sqlite3_column_double(statement, column);
        break;
      case textType: {
        const at = x.sqlite3_column_text(statement, column);
        const length = x.sqlite3_column_bytes(statement, column);
        count(length);
        row[column] = decode(memory.heap, at, length);
        break;
      }
      case blobType: {
        const at = x.sqlite3_column_blob(statement, column);
        const length = x.sqlite3_column_bytes(statement, column);
        count(length);
        row[column] = memory.heap.slice(at, at + length);
        break;
      }
      default:
        row[column] = null;
    }
  }
  return row;
}
