import * as driver from "gocsp/sql/driver";
import type * as sql from "gocsp/sql";
import { describe, expect, test } from "vitest";
import { background, expectAllClosed, openFake } from "./fake/open.ts";

expectAllClosed();

describe("what drivers return", () => {
  test("RowsAffected knows the number of rows and no key [Q31]", () => {
    const result: sql.Result = new driver.RowsAffected(3);
    expect(result.rowsAffected()).toBe(3);
    expect(() => result.lastInsertId()).toThrow("LastInsertId is not supported by this driver");
  });

  test("resultNoRows knows neither [Q31]", () => {
    expect(() => driver.resultNoRows.lastInsertId()).toThrow("no LastInsertId available after DDL statement");
    expect(() => driver.resultNoRows.rowsAffected()).toThrow("no RowsAffected available after DDL statement");
  });

  test.each<[value: unknown, isValue: boolean]>([
    [null, true],
    ["", true],
    [0.5, true],
    [5n, true],
    [false, true],
    [new Date(0), true],
    [new Uint8Array(), true],
    [undefined, false],
    [new Date(NaN), false],
    [[], false],
    [{}, false],
    [Symbol("s"), false],
    [() => 1, false],
  ])("isValue is what sql takes as an argument: %o, %s [Q31]", async (value, isValue) => {
    expect(driver.isValue(value)).toBe(isValue);
    const { db } = openFake();
    const row = db.queryRowContext(background, "SELECT ?", value).scan();
    if (isValue) expect(await row).toEqual([value]);
    else await expect(row).rejects.toThrow(/^sql: converting argument \$1 type: unsupported value/);
  });
});
