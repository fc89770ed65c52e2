import { type Chan, chan } from "../../chan/chan.ts";
import { background, type Context, withTimeout } from "../../context/context.ts";
import { go } from "../../runtime/goroutine.ts";
import { select } from "../../select/select.ts";
import type { Connector } from "../../sql/driver/driver.ts";
import type { PostgresConn } from "../../sql/postgres/postgres-conn.ts";
import { after } from "../../time/time.ts";

const bg = background();
/** How often to ask whether the server is there: nobody notices a dead network otherwise. */
const pingEvery = 10_000;
const patience = 5000;
/** How long to leave the server alone after the first loss; twice as long after each that follows before it was heard again. */
const soon = 50;
/** How long to leave it alone when nothing is heard. */
const deafFor = 60_000;

/** What is told of the connection. */
export interface Hearing {
  /** It is there, and holds the worker's lock, or somebody else does. */
  up(guarded: boolean): void;
  down(): void;
  heard(payload: string): void;
  /** Says something to all who listen, on another connection. */
  say(payload: string): Promise<void>;
  /** It is there, and nothing is heard on it: somebody in between hands connections from one to the other. */
  deaf(): void;
}

/**
 * A connection of its own that listens, and that holds the lock which shows that the worker lives. It comes back when it is
 * lost. It does not keep the process alive.
 */
export class Listening {
  readonly #connector: Connector;
  readonly #channel: string;
  readonly #lock: readonly [number, number];
  readonly #hearing: Hearing;
  readonly #closing: Chan<never> = chan<never>();
  readonly #done: Chan<never> = chan<never>();
  /** How long to leave the server alone, more or less, when the connection is lost next. */
  #wait = soon;
  #isClosed = false;

  constructor(connector: Connector, channel: string, lock: readonly [number, number], hearing: Hearing) {
    this.#connector = connector;
    this.#channel = channel;
    this.#lock = lock;
    this.#hearing = hearing;
    go(() => this.#run());
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#closing.close();
    }
    await this.#done.receiveOk();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      let conn: PostgresConn | undefined;
      let isDeaf = false;
      try {
        conn = await this.#connect();
        isDeaf = !(await this.#watch(conn));
      } catch {
        // The statements of others tell what is wrong.
      }
      const pause = isDeaf ? deafFor : this.#wait;
      this.#wait = Math.min(2 * this.#wait, 5000);
      await conn?.close().catch(() => undefined);
      if (this.#isClosed) break;
      this.#hearing.down();
      await select({ again: after(pause * (0.5 + Math.random())), closing: this.#closing });
    }
    this.#done.close();
  }

  async #connect(): Promise<PostgresConn> {
    const [ctx, cancel] = withTimeout(bg, patience);
    using _ = cancel;
    const conn = (await this.#connector.connect(ctx)) as PostgresConn;
    conn.hold(false);
    return conn;
  }

  /** Listens until the connection is lost; false if it hears nothing. */
  async #watch(conn: PostgresConn): Promise<boolean> {
    const dead = chan<void>(1);
    const ping = chan<void>(1);
    const echo = chan<void>(1);
    const own = `p\n${Math.random()}`;
    conn.notify(
      (payload) => (payload === own ? void echo.trySend() : this.#hearing.heard(payload)),
      () => void dead.trySend(),
    );
    await this.#ask(conn, `LISTEN ${this.#channel}`);
    // Only then is the lock ours, and not that of a connection which a pooler gives to others.
    await this.#hearing.say(own);
    const heard = await select({ echo, dead, late: after(patience), closing: this.#closing });
    if (heard.case === "late") this.#hearing.deaf();
    if (heard.case !== "echo") return heard.case !== "late";
    const rows = await this.#ask(conn, `SELECT pg_try_advisory_lock(${this.#lock[0]}, ${this.#lock[1]})`);
    // Not before: a server that takes connections and drops them must not be asked 20 times a second.
    this.#wait = soon;
    this.#hearing.up(rows[0]?.[0] === true);
    const timer = setInterval(() => ping.trySend(), pingEvery).unref();
    try {
      for (;;) {
        const op = await select({ dead, ping, closing: this.#closing });
        if (op.case !== "ping") return true;
        await this.#ask(conn, "SELECT 1");
      }
    } finally {
      clearInterval(timer);
    }
  }

  async #ask(conn: PostgresConn, text: string): Promise<unknown[][]> {
    const [ctx, cancel] = withTimeout(bg, patience);
    using _ = cancel;
    conn.hold(true);
    try {
      return await rowsOf(ctx, conn, text);
    } finally {
      conn.hold(false);
    }
  }
}

async function rowsOf(ctx: Context, conn: PostgresConn, text: string): Promise<unknown[][]> {
  const rows = await conn.query(ctx, text, []);
  try {
    return (await rows.next()) as unknown[][];
  } finally {
    await rows.close();
  }
}
