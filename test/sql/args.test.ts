import * as sql from "gocsp/sql";
import type { NamedValue } from "gocsp/sql/driver";
import { describe, expect, test } from "vitest";
import { background, errorOf, expectAllClosed, openFake } from "./fake/open.ts";

expectAllClosed();

describe("arguments", () => {
  test("go to the driver as they are", async () => {
    const { fake, db } = openFake();
    const values = [null, true, 1.5, 2n, "text", new Date(5), new Uint8Array([1])];
    let given: readonly NamedValue[] = [];
    await db.pingContext(background);
    const [conn] = fake.conns;
    (conn as { query: unknown }).query = async (_: unknown, __: string, args: readonly NamedValue[]) => {
      given = args;
      throw new Error("enough");
    };
    expect(await errorOf(db.queryContext(background, "SELECT", ...values))).toEqual(new Error("enough"));
    expect(given).toEqual(values.map((value, i) => ({ name: "", ordinal: i + 1, value })));
  });

  test.each([
    [undefined, "sql: converting argument $2 type: unsupported value undefined"],
    [{ a: 1 }, /^sql: converting argument \$2 type: unsupported value /],
    [[1], /^sql: converting argument \$2 type: unsupported value /],
    [() => 1, /^sql: converting argument \$2 type: unsupported value /],
    [Symbol("s"), /^sql: converting argument \$2 type: unsupported value /],
    [new Date(Number.NaN), /^sql: converting argument \$2 type: unsupported value /],
    [new Float64Array(2), /^sql: converting argument \$2 type: unsupported value /],
  ])("of a kind that is no value are refused: %o", async (value, message) => {
    const { fake, db } = openFake();
    for (const operation of [
      db.execContext(background, "NOTHING", 1, value),
      db.queryContext(background, "NOTHING", 1, value),
    ]) {
      const error = await errorOf(operation);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(message);
    }
    expect([fake.calls("exec", "query"), db.stats().inUse]).toEqual([[], 0]);
  });

  test("may go by their names", async () => {
    const { db } = openFake();
    const insert = "INSERT INTO t (id, value) VALUES (:id, :value)";
    await db.execContext(background, insert, sql.named("value", "x"), sql.named("id", 5));
    expect(await db.queryRowContext(background, "SELECT id, value FROM t").scan()).toEqual([5, "x"]);
    expect(await errorOf(db.execContext(background, insert, sql.named("id", {}), sql.named("value", 1)))).toMatchObject(
      {
        message: expect.stringMatching(/^sql: converting argument with name "id" type: unsupported value /) as string,
      },
    );
  });

  test.each(["", "1", ":id", 5, undefined])("the name %o is refused", (name) => {
    expect(() => sql.named(name as string, 1)).toThrow(/^sql: the name of a parameter must begin with a letter, got /);
    expect(() => sql.named(name as string, 1)).toThrow(TypeError);
  });

  test("may be converted by the driver, or refused", async () => {
    const { fake, db } = openFake();
    await db.pingContext(background);
    const [conn] = fake.conns;
    (conn as { checkNamedValue: unknown }).checkNamedValue = ({ value }: NamedValue) => {
      if (Array.isArray(value)) return JSON.stringify(value);
      if (value === "bad") throw new Error("not that one");
      return undefined;
    };
    expect(await db.queryRowContext(background, "SELECT ?", [1, 2]).scan()).toEqual(["[1,2]"]);
    expect(await db.queryRowContext(background, "SELECT ?", null).scan()).toEqual([null]);
    expect(await errorOf(db.queryRowContext(background, "SELECT ?", "bad").scan())).toEqual(new Error("not that one"));
    expect(await errorOf(db.queryRowContext(background, "SELECT ?", {}).scan())).toBeInstanceOf(TypeError);
    expect(db.stats().inUse).toBe(0);
  });

  test("are counted when the driver can only prepare", async () => {
    const { fake, db } = openFake({ query: false, exec: false });
    const wanted = new RangeError("sql: expected 1 arguments, got 2");
    expect(await errorOf(db.queryContext(background, "SELECT ?", 1, 2))).toEqual(wanted);
    expect(await errorOf(db.execContext(background, "SELECT ?", 1, 2))).toEqual(wanted);
    expect([fake.open.statements, fake.calls("stmt.query", "stmt.exec")]).toEqual([0, []]);
  });

  test.each([undefined, null, 5, {}])("the statement %o is refused", async (text) => {
    const { fake, db } = openFake();
    for (const operation of [
      db.queryContext(background, text as string),
      db.execContext(background, text as string),
      db.prepareContext(background, text as string),
      db.queryRowContext(background, text as string).scan(),
    ]) {
      const error = await errorOf(operation);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(/^sql: the statement must be a string, got /);
    }
    expect(fake.log).toEqual([]);
  });

  test.each([undefined, null, 5, "file.db", {}])("the connector %o is refused", (connector) => {
    expect(() => sql.open(connector as sql.Connector)).toThrow(/^sql\.open: the argument must be a Connector, got /);
    expect(() => sql.open(connector as sql.Connector)).toThrow(TypeError);
  });
});
