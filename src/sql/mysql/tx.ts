import type { IsolationLevel, Tx } from "../driver/driver.ts";
import type { MysqlConn } from "./mysql-conn.ts";

const levels: Partial<Record<IsolationLevel, string>> = {
  "Read Uncommitted": "READ UNCOMMITTED",
  "Read Committed": "READ COMMITTED",
  "Repeatable Read": "REPEATABLE READ",
  Serializable: "SERIALIZABLE",
};

/** Returns the statement that sets the level of the next transaction; undefined for the session's. */
export function levelling(isolation: IsolationLevel): string | undefined {
  if (isolation === "Default") return undefined;
  const level = levels[isolation];
  if (level === undefined) throw new Error(`mysql: the isolation level ${isolation} is not supported`);
  return `SET TRANSACTION ISOLATION LEVEL ${level}`;
}

/** A transaction. */
export class MysqlTx implements Tx {
  readonly #conn: MysqlConn;

  constructor(conn: MysqlConn) {
    this.#conn = conn;
  }

  commit(): Promise<void> {
    return this.#conn.commit();
  }

  async rollback(): Promise<void> {
    await this.#conn.rollback();
  }
}
