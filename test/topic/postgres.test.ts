// Topics on PostgreSQL keep what gocsp/topic promises: the whole suite for engines, on a server of its own.
import * as sql from "gocsp/sql";
import { postgres as connector } from "gocsp/sql/postgres";
import type { Engine, Session } from "gocsp/topic";
import { postgres } from "gocsp/topic/postgres";
import { conformance } from "gocsp/topic/topictest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";
import { startProxy } from "../sql/servers/proxy.ts";

let server: PostgresServer;
let db: sql.DB;

beforeAll(async () => {
  if (noPostgres !== undefined) return;
  server = await startPostgres({ max_connections: 400 });
  db = sql.open(connector(options(server.port)));
});
afterAll(async () => {
  await db?.close();
  await server?.stop();
});

function options(port: number): { host: string; port: number; user: string; database: string } {
  return { host: "127.0.0.1", port, user: server.user, database: server.database };
}

/** All checks run at the same time, on a machine that may be busy. */
const patience = 120_000;

/** How to cut a broker's way to the server. */
const cut = new WeakMap<object, () => void>();

/** An engine whose sessions each have a way of their own to the server. */
function engine(spoil: (session: Session) => Partial<Session> = () => ({})): Engine {
  return {
    name: "PostgreSQL",
    transactions: true,
    fenced: true,
    keyed: true,
    open: async (ctx, listener) => {
      const proxy = await startProxy(server.port);
      cut.set(listener, () => proxy.drop());
      const session = await postgres(options(proxy.port)).open(ctx, listener);
      const close = session.close.bind(session);
      return Object.assign(session, spoil(session), {
        close: async () => {
          await close();
          await proxy.stop();
        },
      });
    },
  };
}

describe.skipIf(noPostgres !== undefined)("postgres() [P2]", () => {
  const checks = conformance({
    engine: () => engine(),
    crash: (broker) => cut.get(broker)?.(),
    db: () => db,
    patience,
  });
  for (const { name, run } of checks) test.concurrent(name, { timeout: 300_000 }, run);
});

describe.skipIf(noPostgres !== undefined)("an engine is found to be wrong [P3]", () => {
  test.each<[string, string, (session: Session) => Partial<Session>, RegExp]>([
    [
      "sends beside the transaction",
      "a message that is sent within a transaction is there with its commit, and only then",
      (session) => {
        const send = session.send.bind(session);
        return { send: (topic, messages) => send(topic, messages) };
      },
      /expected 0 waiting, 0 running, 0 dead, got 1 waiting/,
    ],
    [
      "acknowledges beside the transaction",
      "an ack within a transaction is done with its commit, and taken back with its rollback",
      (session) => {
        const ack = session.ack.bind(session);
        return { ack: (topic, claim) => ack(topic, claim) };
      },
      /expected 0 waiting, 1 running, 0 dead, got 0 waiting, 0 running/,
    ],
  ])("%s", async (_flaw, name, spoil, message) => {
    const checks = conformance({ engine: () => engine(spoil), db: () => db, patience: 2000 });
    await expect(checks.find((check) => check.name === name)?.run()).rejects.toThrow(message);
  });
});
