/**
 * A small database in memory. It speaks just the SQL that the tests need: tables of an `id` and a `value`, series of
 * numbers, and `SLOW`, which runs for ever.
 */

import { DriverError, type NamedValue } from "gocsp/sql/driver";

export type Table = Map<number, unknown> & { columns?: readonly string[] };
export type Data = Map<string, Table>;

/** What a statement yields: its rows are made when they are read. */
export interface Output {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly unknown[]>;
  readonly affected: number;
  readonly lastId: number;
  readonly slow: boolean;
}

interface Input {
  readonly data: Data;
  /** The parts of the statement that its pattern names. */
  readonly part: (name: string) => string;
  /** Returns the value of the next place in the statement: a parameter or a literal. */
  readonly value: (token: string) => unknown;
}

const value = String.raw`(?:\?|:\w+|-?\d+|'(?:[^']|'')*')`;
const statements: [pattern: RegExp, run: (input: Input) => Partial<Output>][] = [
  [
    /^CREATE TABLE (?<table>\w+) \((?<columns>.*)\)$/i,
    ({ data, part }) => created(data, part("table"), part("columns")),
  ],
  [/^DROP TABLE (?<table>\w+)$/i, ({ data, part }) => dropped(data, part("table"))],
  [
    new RegExp(`^INSERT INTO (?<table>\\w+) \\(id, value\\) VALUES \\((?<id>${value}), (?<value>${value})\\)$`, "i"),
    ({ data, part, value }) => inserted(tableOf(data, part("table")), value(part("id")), value(part("value"))),
  ],
  [
    new RegExp(`^UPDATE (?<table>\\w+) SET value = (?<value>${value}) WHERE id = (?<id>${value})$`, "i"),
    ({ data, part, value }) => updated(tableOf(data, part("table")), value(part("value")), value(part("id"))),
  ],
  [
    new RegExp(`^DELETE FROM (?<table>\\w+) WHERE id = (?<id>${value})$`, "i"),
    ({ data, part, value }) => ({ affected: tableOf(data, part("table")).delete(Number(value(part("id")))) ? 1 : 0 }),
  ],
  [
    new RegExp(`^SELECT count\\(\\*\\) FROM (?<table>\\w+)(?: WHERE id = (?<id>${value}))?$`, "i"),
    ({ data, part, value }) => {
      const table = tableOf(data, part("table"));
      const count = part("id") === "" ? table.size : Number(table.has(Number(value(part("id")))));
      return { columns: ["count"], rows: [[count]] };
    },
  ],
  [
    new RegExp(
      `^SELECT (?<columns>[\\w, ]+) FROM (?<table>\\w+)(?: WHERE (?<by>id|value) = (?<key>${value}))?(?: ORDER BY id)?$`,
      "i",
    ),
    selected,
  ],
  [
    /^SELECT \* FROM (?<table>\w+)$/i,
    ({ data, part }) => {
      const table = tableOf(data, part("table"));
      const { columns = [] } = table;
      // Only the two columns of all tables ever have a value.
      const rows = [...table].map((entry) => columns.map((_, i) => entry[i] ?? null));
      return { columns, rows };
    },
  ],
  [/^SELECT (?<n>-?\d+)$/i, ({ part }) => ({ columns: ["n"], rows: [[Number(part("n"))]] })],
  [
    new RegExp(`^SELECT (?<value>${value})$`, "i"),
    ({ part, value }) => ({ columns: ["value"], rows: [[value(part("value"))]] }),
  ],
  [
    /^SELECT (?<a>\d+) AS (?<first>\w+), (?<b>\d+) AS (?<second>\w+)$/i,
    ({ part }) => ({
      columns: [part("first"), part("second")],
      rows: [[Number(part("a")), Number(part("b"))]],
    }),
  ],
  [/^SERIES (?<n>\d+)$/i, ({ part }) => ({ columns: ["n"], rows: series(Number(part("n"))) })],
  [
    /^SELECT n, '(?<text>\w+)' AS \w+ FROM \(SERIES (?<n>\d+)\) AS s$/i,
    ({ part }) => ({
      columns: ["n", "filler"],
      rows: filled(Number(part("n")), part("text")),
    }),
  ],
  [/^SLOW$/i, () => ({ columns: ["n"], slow: true })],
  [/^NOTHING$/i, () => ({ columns: ["n"] })],
];

/** Runs a statement, except that it does not wait if it is a slow one. */
export function execute(data: Data, text: string, args: readonly NamedValue[]): Output {
  if (args.length !== parametersOf(text)) {
    throw new DriverError(`${parametersOf(text)} parameters, ${args.length} arguments`, "FAKE_ARGUMENTS");
  }
  for (const [pattern, run] of statements) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const part = (name: string): string => match.groups?.[name] ?? "";
    return {
      columns: [],
      rows: [],
      affected: 0,
      lastId: 0,
      slow: false,
      ...run({ data, part, value: valuesOf(text, args) }),
    };
  }
  throw new DriverError(`near "${text.slice(0, 20)}": syntax error`, "FAKE_SYNTAX");
}

/** Returns how many parameters a statement has. */
export function parametersOf(text: string): number {
  return parameters(text).length;
}

/** Returns a copy, for a transaction. */
export function copy(data: Data): Data {
  return new Map(
    [...data].map(([name, table]) => {
      const { columns = [] } = table;
      return [name, Object.assign(new Map(table), { columns })];
    }),
  );
}

function parameters(text: string): string[] {
  return text.replace(/'(?:[^']|'')*'/g, "").match(/\?|:\w+/g) ?? [];
}

/** The patterns name the places in any order: a parameter is found by where it stands in the text. */
function valuesOf(text: string, args: readonly NamedValue[]): (token: string) => unknown {
  const tokens = parameters(text);
  const inOrder = /^UPDATE/i.test(text) || /^INSERT/i.test(text) ? [...args] : args.slice();
  return (token) => {
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === "?") return inOrder.shift()?.value;
    if (token.startsWith(":")) {
      const named = args.find(({ name }) => `:${name}` === token);
      if (named === undefined && args[tokens.indexOf(token)]?.name !== "") {
        throw new DriverError(`no value for ${token}`, "FAKE_ARGUMENTS");
      }
      return (named ?? args[tokens.indexOf(token)])?.value;
    }
    return Number(token);
  };
}

function tableOf(data: Data, name: string): Table {
  const table = data.get(name);
  if (table === undefined) throw new DriverError(`no such table: ${name}`, "FAKE_TABLE");
  return table;
}

function created(data: Data, name: string, definition: string): Partial<Output> {
  if (data.has(name)) throw new DriverError(`table ${name} exists`, "FAKE_TABLE");
  const columns = definition.split(",").map((column) => column.trim().split(" ")[0] as string);
  data.set(name, Object.assign(new Map<number, unknown>(), { columns }));
  return {};
}

function dropped(data: Data, name: string): Partial<Output> {
  tableOf(data, name);
  data.delete(name);
  return {};
}

function inserted(table: Table, id: unknown, value: unknown): Partial<Output> {
  if (table.has(Number(id))) throw new DriverError(`id ${String(id)} is not unique`, "FAKE_UNIQUE");
  table.set(Number(id), value);
  return { affected: 1, lastId: Number(id) };
}

function updated(table: Table, value: unknown, id: unknown): Partial<Output> {
  if (!table.has(Number(id))) return {};
  table.set(Number(id), value);
  return { affected: 1 };
}

function selected({ data, part, value }: Input): Partial<Output> {
  const table = tableOf(data, part("table"));
  const columns = part("columns").split(/, */);
  for (const name of columns) {
    if (name !== "id" && name !== "value") throw new DriverError(`no such column: ${name}`, "FAKE_COLUMN");
  }
  const key = part("by") === "" ? undefined : value(part("key"));
  const entries = [...table].sort(([a], [b]) => a - b);
  const found = entries.filter(
    ([id, value]) => key === undefined || (part("by") === "id" ? id === Number(key) : value === key),
  );
  return { columns, rows: found.map(([id, value]) => columns.map((name) => (name === "id" ? id : value))) };
}

function* series(n: number): Iterable<readonly unknown[]> {
  for (let i = 1; i <= n; i++) yield [i];
}

/** Every row has a text of its own, as if it came from a server. */
function* filled(n: number, text: string): Iterable<readonly unknown[]> {
  for (let i = 1; i <= n; i++) yield [i, text.split("").reverse().join("")];
}
