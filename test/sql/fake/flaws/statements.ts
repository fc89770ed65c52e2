import { DriverError, type NamedValue } from "gocsp/sql/driver";
import { parametersOf } from "../engine.ts";
import {
  args,
  conns,
  engine,
  type Flaw,
  hangs,
  never,
  nothing,
  onError,
  rows,
  type Spoil,
  stmts,
  wrap,
} from "./flaw.ts";

const malformed = "throws a DriverError for malformed SQL, and can be used after it";
const counts = "throws for too few and for too many arguments, and can be used after it";
const prepared = "runs prepared statements again and again, and several at the same time";

/** Overlooks errors with a code. */
function overlooks(code: string): Spoil {
  return engine(async (_, run) => {
    try {
      return await run();
    } catch (error) {
      if (error instanceof DriverError && error.code === code) return nothing;
      throw error;
    }
  });
}

function filled(args: readonly NamedValue[], text: string): readonly NamedValue[] {
  const all = [...args];
  while (all.length < parametersOf(text)) all.push({ name: "", ordinal: all.length + 1, value: all.length });
  return all;
}

export const statementFlaws: readonly Flaw[] = [
  {
    flaw: "malformed SQL yields nothing",
    check: malformed,
    message: /must throw, but it returned/,
    spoil: overlooks("FAKE_SYNTAX"),
  },
  {
    flaw: "errors are no DriverErrors",
    check: malformed,
    message: /must throw a DriverError/,
    spoil: engine((_, run) => run().catch((error: Error) => Promise.reject(new Error(error.message)))),
  },
  {
    flaw: "an error costs the connection",
    check: malformed,
    message: /must be valid after malformed SQL/,
    spoil: conns((conn) => onError(conn, () => (conn.valid = false))),
  },
  {
    flaw: "an empty text hangs",
    check: "throws for a text without a statement, or does nothing",
    message: hangs,
    spoil: engine((text, run) => (text.trim() === "" ? never : run())),
  },
  {
    flaw: "a missing table is an empty one",
    check: "throws for a table that does not exist, and can be used after it",
    message: /must throw, but it returned/,
    spoil: overlooks("FAKE_TABLE"),
  },
  {
    flaw: "missing arguments are made up",
    check: counts,
    message: /0 arguments for 2 parameters must throw/,
    spoil: args(filled),
  },
  {
    flaw: "arguments too many are overlooked",
    check: counts,
    message: /3 arguments for 2 parameters must throw/,
    spoil: args((args, text) => args.slice(0, parametersOf(text))),
  },
  {
    flaw: "a duplicate key is overlooked",
    check: "throws for a duplicate key, and leaves the connection and the data as they were",
    message: /must throw, but it returned/,
    spoil: overlooks("FAKE_UNIQUE"),
  },
  {
    flaw: "it always counts one row",
    check: "tells how many rows were changed",
    message: /rowsAffected of an UPDATE of no row must be 0/,
    spoil: conns((conn) =>
      wrap(conn, "startExec", (startExec) => async (...args) => ({
        ...(await startExec(...args)),
        rowsAffected: () => 1,
      })),
    ),
  },
  {
    flaw: "the last key is missing",
    check: "returns the last key as a number or a bigint, or throws if the engine has no such thing",
    message: /must be a number/,
    spoil: conns((conn) =>
      wrap(conn, "startExec", (startExec) => async (...args) => ({
        ...(await startExec(...args)),
        lastInsertId: () => undefined as unknown as number,
      })),
    ),
  },
  {
    flaw: "a statement remembers its first arguments",
    check: prepared,
    message: /the row of a prepared query must be/,
    spoil: stmts((stmt) => {
      let first: readonly NamedValue[] | undefined;
      wrap(stmt, "query", (query) => (ctx, args) => query(ctx, (first ??= args)));
    }),
  },
  {
    flaw: "it counts parameters wrong",
    check: prepared,
    message: /numInput must be 2 or -1/,
    spoil: stmts((stmt) => void ((stmt as { numInput: number }).numInput = 0)),
  },
  {
    flaw: "a prepared query cannot be closed early",
    check: "closes the rows of a prepared query early, and runs it again",
    message: /close hangs/,
    spoil: rows((rows) => wrap(rows, "close", (close) => () => (rows.stmt === undefined ? close() : never))),
  },
  {
    flaw: "columns of one name become one",
    check: "names the columns in order, even if two have the same name",
    message: /the columns of SELECT 1 AS a, 2 AS a/,
    spoil: rows((rows) => {
      const names = new Set(rows.columns.map(({ name }) => name));
      const columns = [...names].map((name) => ({ name, databaseTypeName: "" }));
      Object.assign(rows, { columns });
    }),
  },
];
