/** What both kinds of engines do with a task of a connection. */

import type { EngineConn } from "./engine-conn.ts";
import type { Locks } from "./locks.ts";
import type { Failure, Reply, Task } from "./tasks.ts";
import type { Maybe } from "./stepper.ts";
import { Misuse, Refused } from "./text.ts";

const busyCode = 5;
const outOfMemoryCode = 7;

/** A task, and who is to do it. */
export interface Work {
  readonly id: number;
  readonly task: Task;
  /** The connection; undefined if it is closed. */
  readonly connection: EngineConn | undefined;
  /** The locks as this connection sees them. */
  readonly locks: Locks;
  /** Does it. */
  begin(): Maybe<unknown>;
}

/**
 * Does a task and says what came of it.
 *
 * @throws what is no error of SQLite's: it has happened inside it, and its memory cannot be relied on any more
 */
export function perform({ id, task, connection, locks, begin }: Work): Maybe<Reply> {
  const reply = (result: unknown, failure: Failure | undefined): Reply => ({
    id,
    result,
    failure,
    autocommit: connection?.handle.autocommit ?? true,
    released: locks.released,
  });
  const done = (result: unknown): Reply => reply(result, undefined);
  const fail = (error: unknown): Reply => {
    const found = describe(error);
    if (found === undefined) throw error;
    const waits = (found.errno & 0xff) === busyCode && task.kind !== "next" && connection?.handle.mayWait === true;
    const heldUpBy = waits ? locks.refusedBy : "nobody";
    // A connection that was refused and lets go of its lock must not wake others: two of them would wake each other forever.
    if (waits) locks.released = "nobody";
    if (task.kind === "open") connection?.close();
    // One that was stopped before it began has left its rows open.
    if (task.kind === "next") void connection?.run({ kind: "leave", cursor: task.cursor });
    return reply(undefined, { ...found, heldUpBy, progress: connection?.progress });
  };
  locks.released = "nobody";
  try {
    const result = begin();
    return result instanceof Promise ? result.then(done, fail) : done(result);
  } catch (error) {
    return fail(error);
  }
}

function describe(error: unknown): Pick<Failure, "message" | "code" | "errno" | "offset"> | undefined {
  if (error instanceof Refused) {
    return { message: error.message, code: error.code, errno: error.errno, offset: error.offset };
  }
  if (error instanceof Misuse) return { message: error.message, code: "", errno: 0, offset: undefined };
  if ((error as Error).name !== "WasmAllocError") return undefined;
  return { message: "out of memory", code: "SQLITE_NOMEM", errno: outOfMemoryCode, offset: undefined };
}
