import { context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { afterEach, expect } from "vitest";
import { expectNothingLeft } from "../../context/contexts.ts";
import { settle } from "../../support/settle.ts";
import { Fake, type Features } from "./fake.ts";

export const background = context.background();

const opened: { fake: Fake; db: sql.DB }[] = [];

/** Opens a database on a fake driver, with a table `t`. */
export function openFake(features: Partial<Features> = {}): { fake: Fake; db: sql.DB } {
  const fake = new Fake(features);
  fake.data.set("t", new Map());
  const db = sql.open(fake);
  opened.push({ fake, db });
  return { fake, db };
}

/**
 * Makes each test of the file fail after which a connection is still in use, a goroutine or timer is left, something is
 * open at the driver when the database is closed, or `sql` did what drivers are promised that it does not do.
 */
export function expectAllClosed(): void {
  expectNothingLeft();
  afterEach(async () => {
    for (const { fake, db } of opened.splice(0)) {
      await settle();
      expect(db.stats().inUse, "connections in use after this test").toBe(0);
      fake.script = undefined;
      await db.close();
      await settle();
      expect(fake.breaches, "promises to the driver that were broken").toEqual([]);
      expect(fake.open, "what is open after this test").toEqual({
        connections: 0,
        statements: 0,
        rows: 0,
        transactions: 0,
      });
      expect([db.stats().openConnections, fake.closed]).toEqual([0, fake.features.close]);
    }
  });
}

/** Returns what an operation throws; fails if it returns. */
export async function errorOf(operation: Promise<unknown>): Promise<unknown> {
  try {
    await operation;
  } catch (error) {
    return error;
  }
  throw new Error("it returned");
}

/** Tells whether an error is the context's, with another as its cause. */
export function isStopped(error: unknown, end: Error): boolean {
  return error instanceof sql.StoppedError && errors.is(error, end) && error.message === end.message;
}
