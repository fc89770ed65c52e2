import { background } from "../../context/context.ts";
import type { IsolationLevel, Tx, TxOptions } from "../driver/driver.ts";
import type { PostgresConn } from "./postgres-conn.ts";
import { PostgresError } from "./postgres-error.ts";
import { Exchange } from "./exchange.ts";

/** How often a rollback is tried. */
const attempts = 3;

const levels: Partial<Record<IsolationLevel, string>> = {
  Default: "",
  "Read Uncommitted": " ISOLATION LEVEL READ UNCOMMITTED",
  "Read Committed": " ISOLATION LEVEL READ COMMITTED",
  "Repeatable Read": " ISOLATION LEVEL REPEATABLE READ",
  // That is what repeatable reads are here.
  Snapshot: " ISOLATION LEVEL REPEATABLE READ",
  Serializable: " ISOLATION LEVEL SERIALIZABLE",
};

/** Returns the statement that begins a transaction. */
export function beginning({ isolation, readOnly }: TxOptions): string {
  const level = levels[isolation];
  if (level === undefined) throw new Error(`postgres: the isolation level ${isolation} is not supported`);
  return `BEGIN${level}${readOnly ? " READ ONLY" : ""}`;
}

function rollback(): Exchange {
  const plan = { name: "", text: "ROLLBACK", isPrepared: false, values: [], rows: "none" } as const;
  return Exchange.run({ ...plan, portal: false, known: undefined, unneeded: [] });
}

/** A transaction. */
export class PostgresTx implements Tx {
  readonly #conn: PostgresConn;

  constructor(conn: PostgresConn) {
    this.#conn = conn;
  }

  async commit(): Promise<void> {
    if (!this.#conn.leave()) throw new PostgresError("the transaction has ended already", "25P01");
    const { tag } = await this.#conn.execPlain(background(), "COMMIT");
    // The server does not take this for an error: the transaction had failed, and it is over now.
    if (tag === "ROLLBACK") throw new PostgresError("commit unexpectedly resulted in rollback", "25P02");
  }

  async rollback(): Promise<void> {
    if (!this.#conn.leave()) return;
    // A server that is gone, or does not answer, rolls back without being told.
    // What stops a rollback is meant for the statement before.
    for (let i = 0; i < attempts && !this.#conn.broken; i++) {
      if (await this.#conn.brief(rollback())) return;
    }
    this.#conn.destroy();
  }
}
