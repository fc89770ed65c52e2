import { context, errors, time } from "gocsp";
import type * as sql from "gocsp/sql";
import { expect } from "vitest";

/** Stops a statement many times on an otherwise quiet server, and prints how long it takes from the cancel to the end. */
export async function checkLatency(name: string, db: sql.DB, slow: string): Promise<void> {
  const background = context.background();
  await using conn = await db.conn(background);
  const latencies: number[] = [];
  for (let i = 0; i < 200; i++) {
    const [ctx, cancel] = context.withCancel(background);
    using _ = cancel;
    const failure = conn.execContext(ctx, slow).catch((error: unknown) => error);
    await time.sleep(3);
    const before = performance.now();
    cancel();
    expect(errors.is(await failure, context.canceled)).toBe(true);
    latencies.push(performance.now() - before);
    expect(await conn.queryRowContext(background, `SELECT ${i}`).scan()).toEqual([i]);
  }
  latencies.sort((a, b) => a - b);
  const [p50 = 0, p99 = 0] = [latencies[100], latencies[198]];
  console.log(`${name}: from cancel to settled p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (200 times)`);
}
