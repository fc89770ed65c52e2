/**
 * The part of the package `mysql2` that the driver uses, in its form with callbacks and events: the one with promises
 * leaves some of them pending forever when a connection is destroyed, and cannot pause a result.
 */

import { loadPackage } from "../driver/driver.ts";

/** A socket, encrypted or not. */
export interface Socket {
  readonly writable: boolean;
  readonly destroyed: boolean;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  ref(): unknown;
  unref(): unknown;
  destroy(): unknown;
  pause(): unknown;
  resume(): unknown;
  once(event: "close", listener: () => void): unknown;
  prependListener(event: "data", listener: (bytes: { readonly length: number }) => void): unknown;
}

/** A column of a result. `mysql2` looks at it for how to read the values only after it has told of it. */
export interface Field {
  readonly name: string;
  columnType: number;
  readonly columnLength: number;
  characterSet: number;
  /** How many digits a fraction of a second has. */
  readonly decimals: number;
  readonly flags: number;
  /** What MariaDB says about types that it sends as another one, as `json` and `uuid`. */
  readonly extendedFormat?: string;
  readonly extendedTypeName?: string;
}

/** What the server says about a statement that yields no rows. */
export interface Header {
  readonly affectedRows: number | string;
  readonly insertId: number | string;
  readonly serverStatus?: number;
}

/** A statement that runs. */
export interface Command {
  on(event: "fields", listener: (fields: readonly Field[] | undefined) => void): this;
  on(event: "result", listener: (row: unknown) => void): this;
  on(event: "error", listener: (error: Error) => void): this;
  on(event: "end", listener: () => void): this;
}

/** A statement that the server keeps. */
export interface Prepared {
  readonly parameters: readonly unknown[];
  execute(values: readonly unknown[]): Command;
}

/** Called with an error, or with what was asked for. */
export type Callback<T> = (error: Error | null | undefined, result: T) => void;

/** A connection. */
export interface Client {
  readonly stream: Socket;
  readonly threadId: number | null;
  connect(callback: (error: Error | null) => void): void;
  query(options: { sql: string }): Command;
  query(options: { sql: string }, callback: Callback<unknown>): Command;
  prepare(options: { sql: string }, callback: Callback<Prepared>): unknown;
  unprepare(options: { sql: string }): unknown;
  ping(callback: Callback<unknown>): unknown;
  end(callback?: (error: unknown) => void): unknown;
  destroy(): void;
  on(event: "error", listener: (error: Error) => void): this;
}

/** Makes an argument of one of the server's types. */
export interface Typed {
  (value: unknown): unknown;
  readonly unsigned?: (value: unknown) => unknown;
}

/** The package. */
export interface Package {
  createConnection(config: object): Client;
  /** Not in its early versions. */
  readonly TypedParameter?: { readonly BIGINT?: Typed };
}

/** Loads the package; the error for a missing one names the command that installs it. */
export async function loadClient(): Promise<Package> {
  const module: unknown = await loadPackage("gocsp/sql/mysql", "mysql2", () => import("mysql2"));
  // The package is CommonJS.
  return (module as { default?: Package }).default ?? (module as Package);
}
