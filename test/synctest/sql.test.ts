import { context, errors, go, time } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres } from "gocsp/sql/postgres";
import * as synctest from "gocsp/synctest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

describe.skipIf(noPostgres)("a database in a bubble", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const open = (): sql.DB => {
    const { host, port, user, database } = server;
    return sql.open(postgres({ host, port, user, database }));
  };
  const ask = async (db: sql.DB, ctx: context.Context): Promise<number> => {
    const [answer] = await db.queryRowContext(ctx, "SELECT 42, pg_sleep(0.05)").scan(sql.int, sql.string);
    return answer;
  };

  test("is waited for, and its idle connections are not [V24]", async () => {
    await synctest.test(async () => {
      const db = open();
      const begun = Date.now();
      const [ctx, cancel] = context.withTimeout(context.background(), time.second);
      using _ = cancel;
      go(() => time.sleep(time.minute));
      expect(await ask(db, ctx)).toBe(42);
      expect(Date.now() - begun).toBe(0);
      await time.sleep(time.hour);
      expect(Date.now() - begun).toBe(time.hour);
      const [, err] = await errors.result(ask(db, ctx));
      expect(errors.is(err, context.deadlineExceeded)).toBe(true);
      expect(await ask(db, context.background())).toBe(42);
      await db.close();
    });
  });

  test("is waited for on connections from before it too [V24]", async () => {
    const db = open();
    expect(await ask(db, context.background())).toBe(42);
    await synctest.test(async () => {
      const [ctx, cancel] = context.withTimeout(context.background(), time.second);
      using _ = cancel;
      expect(await ask(db, ctx)).toBe(42);
      expect(ctx.err()).toBeUndefined();
      await time.sleep(time.second);
      expect(ctx.err()).toBe(context.deadlineExceeded);
    });
    await db.close();
  });
});
