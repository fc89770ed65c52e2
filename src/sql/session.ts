/** What both a database and one connection of it do besides running statements. */

import { giveBack, type Lease } from "./lease.ts";
import { driverOptions, Tx, type TxOptions } from "./tx.ts";

/** Begins a transaction, which keeps the lease. */
export async function begin(lease: Lease, options: TxOptions | undefined): Promise<Tx> {
  const { connection, ctx } = lease;
  try {
    const tx = await connection.run(ctx, (conn) => conn.begin(ctx, driverOptions(options)));
    // It rolls back at once if the context has ended meanwhile.
    return new Tx(connection, tx, ctx, (error) => lease.release(error));
  } catch (error) {
    lease.release(error);
    throw error;
  }
}

export function ping(lease: Lease): Promise<void> {
  const { connection, ctx } = lease;
  return giveBack(lease, () => connection.run(ctx, async (conn) => conn.ping?.(ctx)));
}
