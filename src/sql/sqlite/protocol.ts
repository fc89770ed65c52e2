/** What the main thread and a worker say to each other. */

import type { Party } from "./locks.ts";
import type { MemoryParts } from "./memory.ts";

/** What SQLite stores. */
export type Stored = null | number | bigint | string | Uint8Array;

/** An argument on its way to the worker. */
export interface Argument {
  /** The name without its prefix; "" if it goes by its place. */
  readonly name: string;
  readonly value: Stored;
}

/** What every worker is started with. */
export interface WorkerData {
  /** Tells workers apart, from 1: the owner of a mutex. */
  readonly worker: number;
  /** A cell for each connection: the number of the request that is to stop. */
  readonly flags: SharedArrayBuffer;
  readonly locks: SharedArrayBuffer;
  readonly place: Place;
  /** Whether the database may have a write-ahead log: then all its connections are in this worker. */
  readonly hasLog: boolean;
}

/** Where the database lies. */
export type Place =
  | { readonly kind: "memory"; readonly parts: MemoryParts }
  | { readonly kind: "file"; readonly path: string; readonly fd: number };

/** What a connection is asked to do. */
export type Task =
  | { readonly kind: "open"; readonly slot: number; readonly readOnly: boolean }
  | { readonly kind: "close" }
  | { readonly kind: "prepare"; readonly text: string }
  | { readonly kind: "finalize"; readonly statement: number }
  | { readonly kind: "query"; readonly source: string | number; readonly args: readonly Argument[] }
  | { readonly kind: "exec"; readonly source: string | number; readonly args: readonly Argument[] }
  | { readonly kind: "next"; readonly cursor: number }
  | { readonly kind: "leave"; readonly cursor: number };

/** A task on its way. */
export interface Request {
  /** Its number, never 0: what a cell of the flags is compared with. */
  readonly id: number;
  /** The index of the connection at this worker, and of its flag. */
  readonly conn: number;
  readonly task: Task;
}

/** What came of a task. */
export interface Reply {
  readonly id: number;
  /** The result; its type goes with the task. */
  readonly result: unknown;
  readonly failure: Failure | undefined;
  /** Whether no transaction is open, afterwards. */
  readonly autocommit: boolean;
  /** What it let go. */
  readonly released: Party;
}

/** An error on its way. */
export interface Failure {
  readonly message: string;
  /** The name of the result code; "" if it was not SQLite that complained. */
  readonly code: string;
  readonly errno: number;
  readonly offset: number | undefined;
  /** Who has the lock that it needs; "nobody" if waiting cannot help. */
  readonly heldUpBy: Party;
  /** How far a text of several statements has come: what follows need not run what went before again. */
  readonly progress: Progress | undefined;
}

/** Where an `exec` was when a statement of it failed. */
export interface Progress {
  /** Where the statement begins, in the text. */
  readonly at: number;
  /** What those before it have changed. */
  readonly rowsAffected: number;
}

/** The result of `prepare`. */
export interface Prepared {
  readonly statement: number;
  readonly numInput: number;
}

/** Some rows; the columns come with the first. */
export interface Batch {
  readonly cursor: number;
  readonly columns: readonly { readonly name: string; readonly databaseTypeName: string }[];
  readonly rows: readonly (readonly Stored[])[];
  /** Whether these are the last. */
  readonly done: boolean;
}

/** The result of `exec`. */
export interface Executed {
  readonly lastInsertId: number | bigint;
  readonly rowsAffected: number;
}

/** What a worker says first: that it is ready, or why it never will be. */
export interface Greeting {
  readonly ready: true | { readonly message: string; readonly code: unknown };
}
