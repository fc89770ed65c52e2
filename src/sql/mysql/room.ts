import { currentQueue } from "../../runtime/clock.ts";
import type { MysqlConn } from "./mysql-conn.ts";

/** How long the server may take until it has freed what it was asked to, in milliseconds. */
const patience = 2000;

/**
 * The place that a server has for prepared statements: `max_prepared_stmt_count` of them, whoever has prepared them.
 * When it is used up, the connections of a connector give up what they keep for speed, and keep nothing more.
 */
export class Room {
  readonly #conns = new Set<MysqlConn>();
  #isFull = false;
  #madeAt = -Infinity;

  /** Whether there is no place for what is not needed. */
  get isFull(): boolean {
    return this.#isFull;
  }

  enter(conn: MysqlConn): void {
    this.#conns.add(conn);
  }

  leave(conn: MysqlConn): void {
    this.#conns.delete(conn);
  }

  /** Makes room because there was none for a statement; tells whether there may be some soon. */
  make(): boolean {
    const now = currentQueue().now();
    this.#isFull = true;
    for (const conn of this.#conns) if (conn.makeRoom()) this.#madeAt = now;
    return now - this.#madeAt < patience;
  }
}
