/**
 * Topics on PostgreSQL 12 and later, through `gocsp/sql`: in a database that is there already, in a schema of their own.
 *
 * @module
 */

import type { Context } from "../../context/context.ts";
import type { Connector } from "../../sql/driver/driver.ts";
import type { PostgresConn } from "../../sql/postgres/postgres-conn.ts";
import { type PostgresOptions, postgres as connectorTo } from "../../sql/postgres/postgres.ts";
import { describe } from "../../runtime/arguments.ts";
import type { Engine, Listener, Session } from "../engine.ts";
import { migrations } from "./schema.ts";
import { PostgresSession } from "./session.ts";

export { SchemaError } from "./session.ts";

/** How to use a PostgreSQL for topics. */
export interface PostgresTopicOptions {
  /** The schema of the tables: `gocsp_topic` unless this says otherwise. Each has topics of its own. */
  readonly schema?: string;
  /**
   * Whether to make the tables, and to bring them up to date: true unless this says otherwise. Without it they must be there:
   * see {@link schemaSQL}.
   */
  readonly install?: boolean;
  /** How often to look for messages if the server cannot say that there are some, in milliseconds: 1000 unless … */
  readonly poll?: number;
  /** How many connections to use besides the one that listens: 4 unless this says otherwise. */
  readonly connections?: number;
  /**
   * Whether to listen for notifications, on a connection that also shows that the worker lives: true unless this says
   * otherwise. Behind a pooler in transaction mode it must be false: then messages are found by polling, leases are all
   * that tells of a death, and the server prepares no statements. With true a broker finds out that it hears nothing, tells
   * `onError`, and polls as well.
   */
  readonly listen?: boolean;
}

/**
 * Says where topics are: as `gocsp/sql/postgres` says it, by a URL or by its parts. Nothing is connected yet.
 *
 * @throws TypeError as `postgres` of `gocsp/sql/postgres` does, and `topic: schema must be a name, got …`
 *
 * @example
 * ```ts
 * const broker = await topic.open(ctx, postgres("postgres://ken@localhost/shop"));
 * ```
 */
export function postgres(server: string | PostgresOptions = {}, options: PostgresTopicOptions = {}): Engine {
  const { schema = "gocsp_topic", poll = 1000, connections = 4, install = true, listen = true } = options;
  if (typeof schema !== "string" || !/^\w{1,50}$/.test(schema)) {
    throw new TypeError(`topic: schema must be a name, got ${describe(schema)}`);
  }
  if (!(poll >= 10)) throw new RangeError(`topic: poll must be at least 10 milliseconds, got ${describe(poll)}`);
  if (!(Number.isInteger(connections) && connections >= 2)) {
    throw new RangeError(`topic: connections must be an integer of at least 2, got ${describe(connections)}`);
  }
  const given: PostgresOptions = typeof server === "string" ? { connectionString: server } : server;
  const settings = { applicationName: "gocsp_topic", ...given };
  // What a pooler hands to others must be as it was.
  const connector = listen ? planned(connectorTo(settings)) : connectorTo({ statementCache: 0, ...settings });
  return new PostgresEngine(connector, { schema, poll, connections, install, listen });
}

/**
 * Has each connection plan each statement anew: a plan that was made when the table was empty would read all of it later. It is
 * said when the connection is there, since poolers refuse settings that they do not know.
 */
function planned(connector: Connector): Connector {
  return {
    connect: async (ctx) => {
      const conn = await connector.connect(ctx);
      try {
        await (conn as PostgresConn).exec(ctx, "SET plan_cache_mode = force_custom_plan", []);
        return conn;
      } catch (error) {
        await conn.close();
        throw error;
      }
    },
    close: async () => connector.close?.(),
  };
}

/**
 * Returns the statements that make the tables, for tools that run migrations: from nothing, or from the version that
 * `SELECT version FROM gocsp_topic.version` tells.
 *
 * @example
 * ```ts
 * for (const statement of schemaSQL()) console.log(`${statement};`);
 * ```
 */
export function schemaSQL(schema = "gocsp_topic", from = 0): string[] {
  return migrations(schema, from);
}

class PostgresEngine implements Engine {
  readonly name = "PostgreSQL";
  readonly transactions = true;
  readonly fenced = true;
  readonly keyed = true;
  readonly #connector: Connector;
  readonly #options: Required<PostgresTopicOptions>;

  constructor(connector: Connector, options: Required<PostgresTopicOptions>) {
    this.#connector = connector;
    this.#options = options;
  }

  async open(ctx: Context, listener: Listener): Promise<Session> {
    const session = new PostgresSession(this.#connector, this.#options, listener);
    try {
      await session.install(ctx);
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }
}
