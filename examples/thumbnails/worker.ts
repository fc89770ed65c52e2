// The worker process. SIGTERM: it takes no new job, finishes what it can within the grace, and gives the rest back.
import { context, type Context, main, time } from "gocsp";
import * as exec from "gocsp/exec";
import * as signal from "gocsp/signal";
import type * as sql from "gocsp/sql";
import { createTable, openDB, openTopic, type Thumbnail } from "./shared.ts";

// Stands in for a program that converts an image, which takes some time.
const converter = `const start = Date.now(); while (Date.now() - start < Number(process.argv[1]));`;

main(async () => {
  const [ctx, stop] = signal.notifyContext(context.background(), "SIGTERM", "SIGINT");
  using _ = stop;
  await using db = openDB();
  await createTable(ctx, db);
  const [broker, thumbnails] = await openTopic(ctx);
  await using _1 = broker;
  console.log(`worker ${process.pid}: ready`);
  await thumbnails.handleTx(ctx, { concurrency: 2, timeout: time.minute, grace: 5 * time.second }, db, convert);
  console.log(`worker ${process.pid}: everything is settled or given back`);

  async function convert(ctx: Context, tx: sql.Tx, { id, work }: Thumbnail, d: { attempt: number }): Promise<void> {
    await note(id, d.attempt, "converting", "");
    // The context passes the end of the job on to the subprocess…
    const convert = exec.commandContext(ctx, process.execPath, "-e", converter, String(work));
    using _ = onEnd(ctx, id, d.attempt);
    await convert.run();
    await note(id, d.attempt, "storing", "");
    // …and to the query in the database.
    await tx.execContext(ctx, "SELECT pg_sleep($1)", work / 1000);
    // In one transaction with the acknowledgment: exactly once, however many attempts there were.
    await tx.execContext(ctx, "UPDATE thumbnail SET state = 'done', note = '', done = done + 1 WHERE id = $1", id);
  }

  /** Reports when the context of a job ends. */
  function onEnd(ctx: Context, id: string, attempt: number): Disposable {
    const stop = context.afterFunc(ctx, async () => {
      const why = String(context.cause(ctx));
      if (ctx.err() === context.canceled && why === "AbortError: context canceled") return;
      console.log(`worker ${process.pid}: ${id} ends: ${why}`);
      await note(id, attempt, "stopped", why).catch(() => undefined);
    });
    return { [Symbol.dispose]: () => void stop() };
  }

  /** Outside of the transaction, for the page. */
  async function note(id: string, attempt: number, state: string, text: string): Promise<void> {
    await db.execContext(
      context.background(),
      "UPDATE thumbnail SET state = $2, note = $3, attempt = $4 WHERE id = $1 AND state <> 'done'",
      id,
      state,
      text || `by process ${process.pid}`,
      attempt,
    );
  }
});
