import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres, PostgresError } from "gocsp/sql/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { startProxy } from "../servers/proxy.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";

const ctx = context.background();

/** Returns a port at which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe.skipIf(noPostgres)("several hosts", () => {
  expectNoGoroutinesLeft();

  let reader: PostgresServer;
  let writer: PostgresServer;
  let dead = 0;
  beforeAll(async () => {
    [reader, writer] = await Promise.all([startPostgres(), startPostgres()]);
    await admin(reader.port, "ALTER DATABASE postgres SET default_transaction_read_only = on");
    dead = await deadPort();
  });
  afterAll(async () => {
    await reader.stop();
    await writer.stop();
  });

  const portOf = async (options: Parameters<typeof postgres>[0]): Promise<number> => {
    await using db = sql.open(postgres(options));
    const [port] = await db.queryRowContext(ctx, "SHOW port").scan(sql.int);
    return port;
  };
  const url = (ports: number[], query = ""): string =>
    `postgres://postgres@${ports.map((port) => `127.0.0.1:${port}`).join(",")}/postgres${query}`;

  it("are tried in order, until one answers", async () => {
    expect(await portOf(url([dead, writer.port, reader.port]))).toBe(writer.port);
    expect(await portOf(url([reader.port, writer.port]))).toBe(reader.port);
    const settings = `host=127.0.0.1,127.0.0.1 port=${dead},${writer.port} user=postgres dbname=postgres`;
    expect(await portOf(settings)).toBe(writer.port);
    const { user, database } = writer;
    expect(await portOf({ host: "127.0.0.2,127.0.0.1", port: writer.port, user, database })).toBe(writer.port);
  });

  it("are taken by what they are", async () => {
    const both = [reader.port, writer.port];
    for (const [wanted, port] of [
      ["any", reader.port],
      ["read-write", writer.port],
      ["read-only", reader.port],
      ["primary", reader.port],
      ["prefer-standby", reader.port],
    ] as const) {
      expect(await portOf(url(both, `?target_session_attrs=${wanted}`)), wanted).toBe(port);
      expect(await portOf({ connectionString: url(both), targetSessionAttrs: wanted }), wanted).toBe(port);
    }
  });

  it("say why none will do", async () => {
    await using db = sql.open(postgres(url([dead, writer.port], "?target_session_attrs=standby")));
    const error = await db.pingContext(ctx).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const found = errors.as(error, PostgresError);
    expect(found?.message).toMatch(/^no host will do: .*ECONNREFUSED.*; the server is not standby$/);
    expect(found?.code).toBe("ECONNREFUSED");
  });

  it("each have their own time to connect, and the context ends all of it", async () => {
    const proxy = await startProxy(writer.port);
    proxy.drop();
    const silent = url([proxy.port, writer.port]);
    expect(await portOf({ connectionString: silent, connectTimeout: 100 })).toBe(writer.port);
    await using db = sql.open(postgres(silent));
    const [soon, cancel] = context.withTimeout(ctx, 30 * time.millisecond);
    using _ = cancel;
    await expect(db.pingContext(soon)).rejects.toThrow("context deadline exceeded");
    await proxy.stop();
  });

  it("have their statements stopped at the right one", async () => {
    await using db = sql.open(postgres(url([dead, writer.port])));
    const [soon, cancel] = context.withTimeout(ctx, 20 * time.millisecond);
    using _ = cancel;
    await expect(db.execContext(soon, "SELECT pg_sleep(600)")).rejects.toThrow("context deadline exceeded");
    expect(await db.queryRowContext(ctx, "SELECT 1").scan()).toEqual([1]);
  });
});

describe("hosts that cannot be meant", () => {
  it.each([
    ["host=a,b,c port=1,2", "postgres: 3 hosts need as many ports, or one, got 2"],
    ["host=a target_session_attrs=best", "postgres: target_session_attrs must be one of any, read-write, "],
  ])("%s", (text, message) => {
    expect(() => postgres(text)).toThrow(message);
  });
});
