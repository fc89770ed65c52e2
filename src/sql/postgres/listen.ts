/** LISTEN: what other sessions tell by NOTIFY, in a channel. */

import { type Chan, chan, type ReceiveChan } from "../../chan/chan.ts";
import { background, type Context, withTimeout } from "../../context/context.ts";
import { describe } from "../../runtime/arguments.ts";
import { go } from "../../runtime/goroutine.ts";
import { select } from "../../select/select.ts";
import { after, newTicker } from "../../time/time.ts";
import type { Conn } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import { asKind } from "../driver/raw-kinds.ts";
import { checkConn } from "./copy.ts";
import type { PostgresConn } from "./postgres-conn.ts";

/** What a session has told by NOTIFY. Mirrors pgx's `pgconn.Notification`. */
export interface Notification {
  readonly channel: string;
  readonly payload: string;
  /** The server's process of the session that has told it. */
  readonly processId: number;
}

/** How to listen. */
export interface ListenOptions {
  /**
   * How often to ask the server whether it is there, in milliseconds: a network that is dead tells nothing. 10,000 by
   * default. It has half as long to answer, 5,000 ms at most.
   */
  readonly pingInterval?: number;
}

/** A `DB` of `gocsp/sql`. */
export interface ListenPool {
  conn(ctx: Context): Promise<{
    raw<T>(f: (conn: Conn) => Promise<T>): Promise<T>;
    close(): Promise<void>;
  }>;
}

/** How many notifications wait for the program before we stop reading from the server. */
const mostWaiting = 1000;

/** The longest name; the server cuts off what is longer, and would listen to another channel. */
const longestName = 63;

/** How long to wait before connecting again, in milliseconds: at first, and at most. */
const firstPause = 50;
const longestPause = 5000;

/** How long the server may take to answer a ping, in milliseconds. */
const patience = 5000;

/**
 * Listens to channels of the server, on a connection of the pool of its own, until `ctx` ends, which closes the result.
 * Waits until the server listens: what is told from then on arrives, in order. Go has lib/pq's `Listener` for this.
 *
 * A connection that is lost is replaced, again and again until that succeeds. What was told meanwhile is lost, and the program
 * is told so: it receives `null`, as from lib/pq, once the server listens again. It should then look at what the
 * notifications are about.
 *
 * Notifications that the program does not receive wait, a thousand here and the others at the server. The result is also
 * closed when the connection is lost and the `DB` has been closed. PgBouncer must give connections by the session: by the
 * transaction, LISTEN has no effect there.
 *
 * @throws what connecting throws, the first time; `ctx.err()`
 * @throws TypeError `postgres: the name of a channel must be …, got …`
 *
 * @example
 * ```ts
 * for await (const told of await listen(ctx, db, "albums")) {
 *   if (told === null) console.log("something may have been missed");
 *   else console.log(told.channel, told.payload);
 * }
 * ```
 */
export async function listen(
  ctx: Context,
  db: ListenPool,
  channels: string | readonly string[],
  options: ListenOptions = {},
): Promise<ReceiveChan<Notification | null>> {
  const { pingInterval = 10_000 } = options;
  if (typeof pingInterval !== "number" || !(pingInterval > 0)) {
    throw new TypeError(
      `postgres: pingInterval must be a number of milliseconds, more than 0, got ${describe(pingInterval)}`,
    );
  }
  const names = (Array.isArray(channels) ? (channels as readonly string[]) : [channels as string]).map(checkName);
  if (names.length === 0) throw new TypeError("postgres: listen needs the name of a channel");
  const listener = new Listener(ctx, db, names, pingInterval);
  await listener.start();
  return listener.out;
}

function checkName(name: string): string {
  const isName =
    typeof name === "string" && name !== "" && !name.includes("\0") && Buffer.byteLength(name) <= longestName;
  if (isName) return name;
  throw new TypeError(
    `postgres: the name of a channel must be a string of 1 to ${longestName} bytes without a 0, got ${describe(name)}`,
  );
}

class Listener {
  readonly out: Chan<Notification | null> = chan();
  readonly #ctx: Context;
  readonly #db: ListenPool;
  readonly #names: readonly string[];
  readonly #pingInterval: number;
  /** What the program has not received; null where some may be missing. */
  readonly #waiting: (Notification | null)[] = [];
  /** Has a value when something waits. */
  readonly #arrived: Chan<void> = chan(1);
  /** The connection that listens. */
  #conn: PostgresConn | undefined;
  #isPaused = false;
  /** How often we have stopped to read. */
  #pauses = 0;

  constructor(ctx: Context, db: ListenPool, names: readonly string[], pingInterval: number) {
    this.#ctx = ctx;
    this.#db = db;
    this.#names = names;
    this.#pingInterval = pingInterval;
  }

  /** Begins, and returns when the server listens. */
  async start(): Promise<void> {
    const began = chan<unknown>(1);
    go(async () => {
      await this.#stay(began);
      this.#arrived.close();
    });
    const failure = await began.receive();
    if (failure !== undefined) throw failure;
    go(() => this.#deliver());
  }

  /** Listens until the context ends, on one connection after the other. */
  async #stay(began: Chan<unknown>): Promise<void> {
    let isFirst = true;
    for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
      const up = (): void => {
        if (isFirst) began.trySend(undefined);
        else this.#add(null);
        isFirst = false;
        pause = firstPause / 2;
      };
      const failure = await this.#listen(up);
      // Without a connection at first it is for the caller to try again.
      if (isFirst) began.trySend(endOf(this.#ctx) ?? failure);
      if (isFirst || endOf(this.#ctx) !== undefined || isClosed(failure)) return;
      await select({ again: after(pause * (0.5 + Math.random())), done: this.#ctx.done() });
    }
  }

  /** Listens as long as a connection lives; returns what has ended it. */
  async #listen(up: () => void): Promise<unknown> {
    try {
      const lease = await this.#db.conn(this.#ctx);
      try {
        return await lease.raw(asKind("driver", (conn: Conn) => this.#hear(checkConn(conn), up)));
      } finally {
        // It has been given back already if `sql` knows that it is lost.
        await lease.close().catch(() => undefined);
      }
    } catch (error) {
      return error;
    }
  }

  async #hear(conn: PostgresConn, up: () => void): Promise<unknown> {
    const lost = chan<void>(1);
    this.#conn = conn;
    conn.notify(
      (payload, channel, processId) => {
        // One that we have left may have read more: what it tells after the `null`, or after the end, is not for the program.
        if (this.#conn === conn) this.#add({ channel, payload, processId });
      },
      () => lost.trySend(),
    );
    const ticker = newTicker(this.#pingInterval);
    try {
      await this.#within(conn, this.#names.map((name) => `LISTEN "${name.replaceAll('"', '""')}"`).join("; "));
      up();
      for (;;) {
        const op = await select({ lost, ping: ticker.c, done: this.#ctx.done() });
        if (op.case !== "ping") return undefined;
        // While we do not read there is no answer.
        if (!this.#isPaused) await this.#within(conn, "");
      }
    } catch (error) {
      return error;
    } finally {
      ticker.stop();
      this.#conn = undefined;
      this.#isPaused = false;
      // It would go on listening, for the next who gets it.
      conn.destroy();
    }
  }

  /** Runs something that takes the server no time; a server that does not answer, or the end of the context, breaks it off. */
  async #within(conn: PostgresConn, text: string): Promise<void> {
    const settled = chan<void>(1);
    // Not with our context: to cancel would take longer than to leave.
    const running = conn.exec(background(), text, []).finally(() => settled.trySend());
    running.catch(() => undefined);
    for (;;) {
      const pauses = this.#isPaused ? -1 : this.#pauses;
      const [soon, cancel] = withTimeout(background(), Math.min(this.#pingInterval / 2, patience));
      using _ = cancel;
      const op = await select({ settled, late: soon.done(), done: this.#ctx.done() });
      if (op.case === "settled") break;
      // The answer is behind what waits for the program: until we have read all the time, nobody is late.
      if (op.case === "late" && (this.#isPaused || this.#pauses !== pauses)) continue;
      conn.destroy();
      break;
    }
    await running;
  }

  #add(told: Notification | null): void {
    this.#waiting.push(told);
    this.#arrived.trySend();
    if (this.#waiting.length < mostWaiting || this.#isPaused) return;
    this.#isPaused = true;
    this.#pauses++;
    this.#conn?.pause(true);
  }

  /** Hands on what waits, until the context ends, or nothing more can come. */
  async #deliver(): Promise<void> {
    let isOver = false;
    while (!isOver) {
      const [, ok] = await this.#arrived.receiveOk(this.#ctx).catch(() => [undefined, false] as const);
      isOver = !ok;
      while (this.#waiting.length > 0 && endOf(this.#ctx) === undefined) {
        const isTaken = await this.out.send(this.#waiting[0] as Notification | null, this.#ctx).then(
          () => true,
          () => false,
        );
        if (!isTaken) break;
        this.#waiting.shift();
        if (this.#isPaused && this.#waiting.length < mostWaiting / 2) {
          this.#isPaused = false;
          this.#conn?.pause(false);
        }
      }
    }
    this.out.close();
  }
}

/** Tells whether the pool gives no connection any more. */
function isClosed(failure: unknown): boolean {
  return (failure as Partial<Error> | undefined)?.message === "sql: database is closed";
}
