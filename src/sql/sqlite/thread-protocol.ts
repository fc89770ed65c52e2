/** What the program and a thread of the second way say to each other. */

import type { Place, Task } from "./tasks.ts";

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

/** A task on its way. */
export interface Request {
  /** Its number, never 0: what a cell of the flags is compared with. */
  readonly id: number;
  /** The index of the connection at this worker, and of its flag. */
  readonly conn: number;
  readonly task: Task;
}

/** What a worker says first: that it is ready, or why it never will be. */
export interface Greeting {
  readonly ready: true | { readonly message: string; readonly code: unknown };
}
