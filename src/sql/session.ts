import { canceled } from "../context/context.ts";
import type { Context } from "../context/context.ts";
import { WaitGroup } from "../sync/sync.ts";
import type { Connection } from "./connection.ts";
import type { Conn, Tx as DriverTx } from "./driver/driver.ts";
import { driverOptions, type TxOptions } from "./options.ts";
import { calledOnce, giveBack, type Lease, type Opened } from "./lease.ts";
import type { Stmt } from "./stmt.ts";
import { Tx } from "./tx.ts";

/**
 * The statements, rows and transactions on a connection that is held for several of them. It ends in an order that the driver can
 * rely on: what was opened is closed, what runs is waited for, and nothing new begins.
 */
export class Session {
  readonly connection: Connection;
  #ended = false;
  /** Why what is open ends with it. */
  readonly #reason: Error;
  /** The leases that are out, rows and transactions included. */
  readonly #leases = new WaitGroup();
  readonly #opened = new Set<Opened>();
  readonly #statements = new Set<Stmt>();

  constructor(connection: Connection, reason: Error) {
    this.connection = connection;
    this.#reason = reason;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Makes a lease; `released` is called when it is given back. */
  lease(ctx: Context, released: (error: unknown) => void): Lease {
    this.#leases.add(1);
    let opened: Opened | undefined;
    return {
      connection: this.connection,
      ctx,
      release: calledOnce((error) => {
        if (opened !== undefined) this.#opened.delete(opened);
        try {
          released(error);
        } finally {
          this.#leases.done();
        }
      }),
      opened: (what) => {
        opened = what;
        this.#opened.add(what);
        if (this.#ended) what.end(this.#reason);
      },
    };
  }

  add(statement: Stmt): void {
    this.#statements.add(statement);
  }

  forget(statement: Stmt): void {
    this.#statements.delete(statement);
  }

  /** Closes what is open and waits for what runs. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const opened of this.#opened) opened.end(this.#reason);
    await this.#leases.wait();
    await Promise.all([...this.#statements].map((statement) => statement.end()));
  }
}

/** Begins a transaction, which keeps the lease. */
export async function begin(lease: Lease, options: TxOptions | undefined): Promise<Tx> {
  const { connection, ctx } = lease;
  let tx: Tx;
  try {
    const begin = (conn: Conn): Promise<DriverTx> => conn.begin(ctx, driverOptions(options));
    const begun = await connection.run(ctx, begin, async (tx) => {
      // Unless the rollback succeeds, the state of the connection is unknown.
      connection.spoiled = true;
      await tx.rollback();
      connection.spoiled = false;
    });
    // It rolls back soon if the context has ended meanwhile.
    tx = new Tx(new Session(connection, canceled), begun, ctx, (error) => lease.release(error));
  } catch (error) {
    lease.release(error);
    throw error;
  }
  lease.opened?.(tx);
  return tx;
}

export function ping(lease: Lease): Promise<void> {
  const { connection, ctx } = lease;
  return giveBack(lease, () => connection.run(ctx, async (conn) => conn.ping?.(ctx)));
}
