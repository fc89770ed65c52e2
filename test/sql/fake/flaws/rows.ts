import type { FakeRows } from "../parts.ts";
import { conns, engine, type Flaw, never, nothing, rows, type Spoil, wrap } from "./flaw.ts";

type Batch = readonly (readonly unknown[])[];

const all = "delivers all rows, each once and in order, and then none";
const early = "closes rows early, and shows nothing of them to the next query";
const bounded = "does not fetch what nobody asks for: memory stays bounded";

/** Spoils the rows of queries of which this is told. */
function hinted(spoil: (rows: FakeRows) => void, hint: "oneRow" | "alone" = "oneRow"): Spoil {
  return conns((conn) => {
    const { query } = conn;
    conn.query = async (ctx, text, args, options) => {
      const rows = (await query?.(ctx, text, args)) as FakeRows;
      if (options?.[hint] === true) spoil(rows);
      return rows;
    };
  });
}

const own = "delivers each row as an array of its own, with a value for each column";
const changed = "tells the columns of a result as they are, also when its table has become another one";
const oneRow = "delivers the first row when it is told that no other is wanted, and is free then";

const alone = "delivers the same rows when it is told that their query stands alone";

export const rowFlaws: readonly Flaw[] = [
  {
    flaw: "a query stands alone, and its last rows are lost",
    check: alone,
    message: /the number of rows of a query that stands alone must be 1000/,
    spoil: hinted((rows) => {
      let batches = 0;
      wrap(rows, "fetch", (fetch) => async () => (++batches > 2 ? [] : fetch()));
    }, "alone"),
  },
  {
    flaw: "one row is wanted, and it brings the last",
    check: oneRow,
    message: /the first of 2 rows must be \[1\]/,
    spoil: hinted((rows) =>
      wrap(rows, "fetch", (fetch) => async () => {
        const batch = await fetch();
        return batch.slice(-1);
      }),
    ),
  },
  {
    flaw: "one row is wanted, and its rows cannot be closed",
    check: oneRow,
    message: /close after the first of 1 rows hangs/,
    spoil: hinted((rows) => wrap(rows, "close", () => () => never)),
  },
  {
    flaw: "all rows are the same array",
    check: own,
    message: /the number of different arrays in 600 rows must be 600/,
    spoil: rows((rows) => {
      const only: unknown[] = [];
      wrap(
        rows,
        "fetch",
        (fetch) => async () =>
          (await fetch()).map((row) => {
            only.splice(0, only.length, ...row);
            return only;
          }),
      );
    }),
  },
  {
    flaw: "a batch uses the arrays of the one before",
    check: own,
    message: /the number of different arrays in 600 rows must be 600/,
    spoil: rows((rows) => {
      const kept: unknown[][] = [];
      wrap(
        rows,
        "fetch",
        (fetch) => async () =>
          (await fetch()).map((row, i) => {
            const mine = (kept[i] ??= []);
            mine.splice(0, mine.length, ...row);
            return mine;
          }),
      );
    }),
  },
  {
    flaw: "rows are objects",
    check: own,
    message: /a row must be an array, got/,
    spoil: rows((rows) =>
      wrap(
        rows,
        "fetch",
        (fetch) => async () => (await fetch()).map(([n, filler]) => ({ n, filler }) as unknown as unknown[]),
      ),
    ),
  },
  {
    flaw: "rows have no last value",
    check: own,
    message: /the number of values in a row must be 2/,
    spoil: rows((rows) => wrap(rows, "fetch", (fetch) => async () => (await fetch()).map((row) => row.slice(0, -1)))),
  },
  {
    flaw: "the columns are gone after the first rows",
    check: own,
    message: /the columns after a batch must be/,
    spoil: rows((rows) =>
      wrap(rows, "fetch", (fetch) => async () => {
        const batch = await fetch();
        Object.defineProperty(rows, "columns", { value: [] });
        return batch;
      }),
    ),
  },
  {
    flaw: "it keeps the columns of a text",
    check: changed,
    message: /the columns of SELECT \* FROM \w+ must be/,
    spoil: (fake) => {
      const known = new Map<string, FakeRows["columns"]>();
      conns((conn) =>
        wrap(conn, "startQuery", (startQuery) => async (ctx, text, ...rest) => {
          const rows = await startQuery(ctx, text, ...rest);
          const kept = known.get(text) ?? rows.columns;
          known.set(text, kept);
          Object.defineProperty(rows, "columns", { value: kept });
          return rows;
        }),
      )(fake);
    },
  },
  {
    flaw: "it loses the last row of a batch",
    check: all,
    message: /must be/,
    spoil: rows((rows) =>
      wrap(rows, "fetch", (fetch) => async () => {
        const batch = await fetch();
        return batch.length > 1 ? batch.slice(0, -1) : batch;
      }),
    ),
  },
  {
    flaw: "it repeats a batch",
    check: all,
    message: /a row of \d+ must be/,
    spoil: rows((rows) => {
      let last: Batch = [];
      let n = 0;
      wrap(rows, "fetch", (fetch) => async () => (++n === 2 && last.length > 0 ? last : (last = await fetch())));
    }),
  },
  {
    flaw: "it makes a pause that looks like the end",
    check: all,
    message: /the number of rows must be/,
    spoil: rows((rows) => {
      let n = 0;
      wrap(rows, "fetch", (fetch) => async () => (++n === 3 ? [] : fetch()));
    }),
  },
  {
    flaw: "an empty result has a row of nothing",
    check: "delivers no rows where there are none",
    message: /the rows of an empty table must be \[\]/,
    spoil: rows((rows) => {
      let n = 0;
      wrap(rows, "fetch", (fetch) => async () => {
        const batch = await fetch();
        return ++n === 1 && batch.length === 0 ? [[null, null]] : batch;
      });
    }),
  },
  {
    flaw: "rows that were not read cannot be closed",
    check: early,
    message: /close after 0 batches of 1 rows hangs/,
    spoil: rows((rows) => {
      let read = false;
      wrap(rows, "fetch", (fetch) => async () => {
        read = true;
        return fetch();
      });
      wrap(rows, "close", (close) => () => (read ? close() : never));
    }),
  },
  {
    flaw: "what was not read comes with the next query",
    check: early,
    message: /the rows of the next query must be/,
    spoil: (fake) => {
      let left: Batch = [];
      rows((rows) => {
        wrap(rows, "fetch", (fetch) => async () => {
          const batch = [...left, ...(await fetch())];
          left = [];
          return batch;
        });
        wrap(rows, "close", (close) => async () => {
          left = await rows.fetch();
          await close();
        });
      })(fake);
    },
  },
  {
    flaw: "rows end with another error",
    check: "throws what goes wrong in the middle of the rows, and closes them",
    message: /must throw the end of the context/,
    spoil: rows((rows) =>
      wrap(rows, "fetch", (fetch) => async () => {
        const batch = await fetch();
        if (rows.ctx.err() !== undefined) throw new Error("oops");
        return batch;
      }),
    ),
  },
  {
    flaw: "it reads everything first",
    check: bounded,
    message: /MB more are used/,
    spoil: rows((rows) =>
      wrap(rows, "fetch", (fetch) => {
        let all: (readonly unknown[])[] | undefined;
        return async () => {
          if (all === undefined) {
            all = [];
            for (let batch = await fetch(); batch.length > 0; batch = await fetch()) all.push(...batch);
          }
          return all.splice(0, 64);
        };
      }),
    ),
  },
  {
    flaw: "everything is one batch",
    check: bounded,
    message: /a batch must not hold 60000 of 60000 rows/,
    spoil: (fake) => void (fake.batch = Infinity),
  },
  {
    flaw: "a failed query yields nothing",
    check: "fails when the query fails, at the latest when its rows are read",
    message: /must throw, but it returned/,
    spoil: engine((text, run) => (text.includes("gocsp_missing") ? nothing : run())),
  },
];
