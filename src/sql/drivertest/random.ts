/** Checks with many cancels at random moments. */

import { canceled, type Context, withCancel } from "../../context/context.ts";
import { is } from "../../errors/errors.ts";
import { WaitGroup } from "../../sync/sync.ts";
import * as sql from "../sql.ts";
import { type Bench, type Check, drain, execute, must, same, show } from "./bench.ts";
import { isEnd } from "./cancels.ts";
import { Chance, pause } from "./chance.ts";

/** Runs rounds with chance; what goes wrong is told with the seed. */
async function rounds(bench: Bench, round: (chance: Chance, i: number) => Promise<void>): Promise<void> {
  const seed = bench.options.seed ?? Math.floor(Math.random() * 2 ** 32);
  const chance = new Chance(seed);
  const n = bench.options.cancels ?? 100;
  for (let i = 0; i < n; i++) {
    try {
      await round(chance, i);
    } catch (error) {
      const why = error instanceof Error ? error.message : show(error);
      throw new Error(`${why} (seed ${seed}, round ${i} of ${n})`, { cause: error });
    }
  }
}

/** Returns when to cancel: at once, after some microtasks, or after some milliseconds. */
function moment(chance: Chance): number {
  return chance.of([() => 0, () => -chance.below(30), () => 1 + chance.below(4), () => 1 + chance.below(20)])();
}

type Kind = "slow" | "quick" | "insert" | "stream";

/** Starts a statement of a kind past the pool. */
async function begin(
  bench: Bench,
  conn: Parameters<typeof drain>[0],
  ctx: Context,
  kind: Kind,
  table: string,
  id: number,
): Promise<void> {
  if (kind === "insert") await execute(conn, ctx, bench.insert(table), id, "x");
  else if (kind === "slow") await drain(conn, ctx, bench.options.slowQuery);
  else await drain(conn, ctx, bench.options.series(kind === "quick" ? 3 : 20_000));
}

export const randomCancelChecks: readonly Check[] = [
  {
    name: "settles whenever its context ends, with its result or with that end, and hits nothing else",
    run: async (bench) => {
      let conn = await bench.connect();
      const table = await bench.table();
      await rounds(bench, async (chance, i) => {
        const kind = chance.of<Kind>(["slow", "slow", "quick", "insert", "stream"]);
        const [ctx, cancel] = withCancel(bench.ctx);
        using _ = cancel;
        const running = begin(bench, conn, ctx, kind, table, i);
        running.catch(() => undefined);
        await pause(moment(chance));
        cancel();
        let failure: unknown;
        try {
          await bench.within(`a statement (${kind}) whose context has ended`, running);
        } catch (error) {
          failure = error;
          must(
            isEnd(error, ctx),
            `a statement (${kind}) that is stopped must throw the end of its context, got ${show(error)}`,
          );
        }
        if (conn.isValid?.() === false) {
          await bench.disconnect(conn);
          conn = await bench.connect();
        }
        for (let again = 0; again < 2; again++) {
          const rows = await bench.within("the next query", drain(conn, bench.ctx, bench.options.series(4)));
          same(rows.flat().map(sql.int), [1, 2, 3, 4], "the rows of the next query");
        }
        const stored = await bench.within("the next query", drain(conn, bench.ctx, bench.select(table), i));
        if (kind === "insert" && failure === undefined)
          same(stored, [["x"]], "what an INSERT that returned has stored");
      });
    },
  },
  {
    name: "takes back transactions whose context ends at any moment",
    run: async (bench) => {
      const { db } = bench;
      const table = await bench.table();
      db.setMaxOpenConns(2);
      db.setMaxIdleConns(2);
      await rounds(bench, async (chance, i) => {
        const [ctx, cancel] = withCancel(bench.ctx);
        using _ = cancel;
        const work = async (): Promise<void> => {
          await using tx = await db.beginTx(ctx);
          await tx.execContext(ctx, bench.insert(table), i, "x");
          if (chance.below(2) === 0) await tx.queryRowContext(ctx, bench.options.slowQuery).scan();
          await tx.commit();
        };
        const working = work();
        working.catch(() => undefined);
        await pause(moment(chance));
        cancel();
        let committed = true;
        try {
          await bench.within("a transaction whose context has ended", working);
        } catch (error) {
          committed = false;
          const expected = isEnd(error, ctx) || is(error, sql.errTxDone);
          must(expected, `a transaction must throw the end of its context, got ${show(error)}`);
        }
        const row = db.queryRowContext(bench.ctx, `SELECT count(*) FROM ${table} WHERE id = ${bench.p(1)}`, i);
        const [stored] = await bench.within("the next query", row.scan(sql.int));
        same(
          stored,
          committed ? 1 : 0,
          `the number of rows of a transaction that ${committed ? "was" : "was not"} committed`,
        );
      });
      const all = Promise.all([1, 2].map(() => db.conn(bench.ctx)));
      for (const conn of await bench.within("taking all connections", all)) await conn.close();
    },
  },
  {
    name: "loses no connection to many who give up at the same time",
    run: async (bench) => {
      const { db } = bench;
      db.setMaxOpenConns(3);
      db.setMaxIdleConns(3);
      await rounds(bench, async (chance, i) => {
        if (i % 10 > 0) return;
        const group = new WaitGroup();
        const wrong: string[] = [];
        for (let user = 0; user < 10; user++) {
          const [ctx, cancel] = withCancel(bench.ctx);
          const when = moment(chance);
          const slow = chance.below(2) === 0;
          group.go(async () => {
            const text = slow ? bench.options.slowQuery : bench.options.series(100);
            try {
              const running = db.queryRowContext(ctx, text).scan();
              running.catch(() => undefined);
              await pause(when);
              cancel();
              await running;
            } catch (error) {
              if (!is(error, canceled)) wrong.push(show(error));
            }
          });
        }
        await bench.within("10 users who give up", group.wait());
        same(wrong, [], "what they got instead of the end of their contexts");
        const row = db.queryRowContext(bench.ctx, bench.options.series(1));
        same(await bench.within("the next query", row.scan(sql.int)), [1], "the row of the next query");
        const all = Promise.all([1, 2, 3].map(() => db.conn(bench.ctx)));
        for (const conn of await bench.within("taking all connections", all)) await conn.close();
      });
    },
  },
];
