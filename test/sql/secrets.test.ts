import { inspect } from "node:util";
import { context } from "gocsp";
import * as sql from "gocsp/sql";
import { mysql, type MysqlOptions } from "gocsp/sql/mysql";
import { postgres, type PostgresOptions } from "gocsp/sql/postgres";
import { describe, expect, test } from "vitest";

const secret = "s3cr3t";

/** What somebody may pass by mistake, with a password in it. */
const texts = [
  `postgres://ken:${secret}@localhost/shop`,
  `ken:${secret}@localhost/shop`,
  `${secret}@localhost`,
  secret,
  `http://ken:${secret}@localhost/shop`,
  `mysql://ken:${secret}@localhost/shop`,
  `ken:${secret}@tcp(localhost:3306)/shop`,
  `postgres://ken:${secret}@localhost:port/shop`,
  `mysql://ken:${secret}@localhost:port/shop`,
  `postgres://ken:${secret}@[::1/shop`,
  `mysql://ken:${secret}@[::1/shop`,
  `host=localhost password='${secret}`,
  `host=localhost password=${secret} =`,
  `password=${secret} channel_binding=require`,
  `postgres://ken:${secret}@localhost/shop?a%20b=1`,
  `postgres://ken:${secret}@localhost/shop?connect_timeout=soon`,
  `mysql://ken:${secret}@localhost/shop?connect_timeout=soon`,
  `postgres://ken:${secret}@127.0.0.1:1/shop`,
  `mysql://ken:${secret}@127.0.0.1:1/shop`,
];

/** Everything that a program may print of a value. */
function shown(value: unknown): string {
  const parts = [String(value), inspect(value, { depth: 20, showHidden: true })];
  if (value instanceof Error)
    parts.push(value.message, value.stack ?? "", JSON.stringify(value), shown(value.cause ?? ""));
  if (value instanceof AggregateError) parts.push(...value.errors.map(shown));
  return parts.join("\n");
}

async function tryToUse(make: () => sql.Connector): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    const connector = make();
    if (typeof connector !== "string") seen.push(connector);
    await using db = sql.open(connector);
    seen.push(db);
    const [ctx, cancel] = context.withTimeout(context.background(), 2000);
    using _ = cancel;
    await db.pingContext(ctx);
  } catch (error) {
    seen.push(error);
  }
  return seen;
}

describe("a password is in no text", () => {
  const ways: [name: string, make: (text: string) => sql.Connector][] = [
    ["sql.open", (text) => text as unknown as sql.Connector],
    ["postgres", (text) => postgres(text)],
    ["mysql", (text) => mysql(text)],
    ["postgres with connectionString", (text) => postgres({ connectionString: text })],
    ["mysql with uri", (text) => mysql({ uri: text })],
  ];

  test.each(ways)("of %s [Q28]", async (_, make) => {
    for (const text of texts) {
      for (const value of await tryToUse(() => make(text))) expect(shown(value), text).not.toContain(secret);
    }
  });

  test("of options that are wrong [Q28]", async () => {
    const wrong = [
      { password: secret, connectTimeout: -1 },
      { password: secret, host: 5 },
      { password: secret, port: "x" },
      { password: secret, host: "127.0.0.1", port: 1 },
      [secret],
    ];
    for (const options of wrong) {
      for (const make of [
        () => postgres(options as unknown as PostgresOptions),
        () => mysql(options as unknown as MysqlOptions),
      ]) {
        for (const value of await tryToUse(make)) expect(shown(value), JSON.stringify(options)).not.toContain(secret);
      }
    }
  });

  test("and what is wrong is said [Q28]", () => {
    expect(() => sql.open("postgres://h" as unknown as sql.Connector)).toThrow(
      "sql.open: the argument must be a Connector, got a string: write sql.open(postgres(url))",
    );
    expect(() => mysql("pw@host")).toThrow("mysql: the string must be a URL, as mysql://user@host/database");
    expect(() => mysql("http://host")).toThrow("mysql: the URL must begin with mysql:, got http:");
    expect(() => postgres("http://host")).toThrow("postgres: the URL must begin with postgres:, got http:");
    expect(() => postgres("pw@host")).toThrow("postgres: the string must be a URL, as postgres://user@host/database");
    expect(() => postgres("host=h channel_binding=require")).toThrow(
      "postgres: the parameter channel_binding is not supported",
    );
  });
});
