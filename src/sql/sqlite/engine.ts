/**
 * What SQLite runs in. There are two ways, and connections do not know which is theirs; the names of their files tell:
 *
 *     in the thread of the program         in threads of its own
 *     local-engine.ts    the way           thread-engine.ts    a thread, from outside
 *     local-instance.ts  one SQLite        thread-protocol.ts  what goes through its port
 *     local-suspender.ts gives way to      thread-worker.ts    its program
 *                        the event loop    thread.ts           its inside
 *     local-helpers.ts   sends long queries over to the other way
 *
 * `database.ts` chooses. All other files of this folder serve both: see ARCHITECTURE.md.
 */

import type { Context } from "../../context/context.ts";
import { chan } from "../../chan/chan.ts";
import { select } from "../../select/select.ts";
import { loadPackage } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import type { Reply, Task } from "./tasks.ts";
import type { Maybe } from "./stepper.ts";

/** What has become of a task that was sent. */
export interface Sent {
  /** What came of it, or will: it rejects only if the engine ends first. */
  readonly reply: Maybe<Reply>;
  /** Has the engine stop it, if it has not finished; nothing else is ever stopped by that. */
  stop(): void;
}

/** SQLite at work, for some of the connections to one database. */
export interface Engine {
  /** Tells the engines of a database apart; the owner of a mutex. */
  readonly id: number;
  /** The connections that live in it, by the slots of their locks. */
  readonly slots: Set<number>;
  /** Tells whether it can still be used. */
  readonly isAlive: boolean;
  /** Whether it can be ended while it does something that cannot be stopped: connections of its own go with it. */
  readonly isExpendable: boolean;
  /**
   * Waits until it can work.
   *
   * @throws as {@link readyWithin}
   */
  started(ctx: Context): Promise<void>;
  /** Gives a connection its number here. */
  enroll(): number;
  /** Takes a number back. */
  discharge(conn: number): void;
  /**
   * Begins a task. One connection has one at a time.
   *
   * @throws Error with `errBadConn` as its cause if the engine has ended
   */
  send(conn: number, task: Task): Sent;
  /** Ends it, whatever it is doing, and waits until it is gone. */
  end(): Promise<void>;
}

/**
 * Waits until an engine is ready.
 *
 * @throws Error `gocsp/sql/sqlite needs the package @sqlite.org/sqlite-wasm: run npm install @sqlite.org/sqlite-wasm`
 * @throws `ctx.err()` once `ctx` has ended
 */
export async function readyWithin(ctx: Context, loading: Promise<void>): Promise<void> {
  const started = chan<never>();
  const ready = loadPackage("gocsp/sql/sqlite", "@sqlite.org/sqlite-wasm", () => loading);
  ready.then(
    () => started.close(),
    () => started.close(),
  );
  const { case: which } = await select({ started, done: ctx.done() });
  if (which === "done") throw endOf(ctx);
  await ready;
}
