/** What a connection is asked to do, and what comes of it, in either way. It can go through the port of a thread. */

import type { Party } from "./locks.ts";
import type { MemoryParts } from "./memory.ts";

/** What SQLite stores. */
export type Stored = null | number | bigint | string | Uint8Array;

/** An argument on its way to the engine. */
export interface Argument {
  /** The name without its prefix; "" if it goes by its place. */
  readonly name: string;
  readonly value: Stored;
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
  | {
      readonly kind: "query";
      readonly source: string | number;
      readonly args: readonly Argument[];
      /** Whether it may move to a thread when it takes long; undefined if it must not, and false if there is none yet. */
      readonly moves?: boolean | undefined;
    }
  | {
      readonly kind: "exec";
      readonly source: string | number;
      readonly args: readonly Argument[];
      /** Whether it is the driver's own, which leaves the connection like any other. */
      readonly own?: boolean;
    }
  | { readonly kind: "next"; readonly cursor: number }
  | { readonly kind: "leave"; readonly cursor: number };

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
  /** Whether it has taken too long, so that it is to begin once more in a thread: nothing has come of it. */
  readonly moved?: boolean;
}

/** The result of `exec`. */
export interface Executed {
  readonly lastInsertId: number | bigint;
  readonly rowsAffected: number;
}
