/** How to reach a server: what the program says, as a URL or by its parts, and what `mysql2` takes. */

import { describe } from "../../runtime/arguments.ts";

/** How to reach a server. */
export interface MysqlOptions {
  /** All of it in a URL; the other options come first. */
  readonly uri?: string;
  /** A name or an address; `localhost`. */
  readonly host?: string;
  /** 3306. */
  readonly port?: number;
  /** The path of a Unix socket, instead of the host. */
  readonly socketPath?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** Whether to encrypt: true, which checks the server's name too, or options of `mysql2`. */
  readonly ssl?: boolean | object;
  /**
   * How long connecting may take, in milliseconds; the context may end earlier. No limit by default. In a URL,
   * `connectTimeout` is in milliseconds and `connect_timeout` in seconds.
   */
  readonly connectTimeout?: number;
  /**
   * How long the server may take to stop a statement whose context has ended, in milliseconds; then the connection is
   * broken, and the statement may go on there. 5,000 by default. The caller waits for 200 ms at most in any case.
   */
  readonly cancelTimeout?: number;
  /**
   * Whether the text of an `execContext` without arguments may hold several statements, as migrations do. False by default:
   * a text that was put together wrongly can do less harm then. In a URL, `multiStatements=true`, as with Go's driver.
   */
  readonly multiStatements?: boolean;
  /**
   * How many texts each connection keeps prepared at the server, which makes statements that come again faster: 64 by
   * default, 0 for none.
   */
  readonly statementCache?: number;
  /**
   * Whether `mysql2` makes the Dates, and not the driver. What changes: a date that is none, as `0000-00-00`,
   * is an invalid Date, and one with a day or month of 0, as `2020-02-00`, becomes another date, where both stay text
   * otherwise; and the years below 100 are taken for those of the last century.
   */
  readonly nativeDates?: boolean;
  /**
   * Whether a server that refuses to write because it is a copy that is only read is left: the connection is closed, and
   * outside of a transaction the statement, of which nothing has been done, is tried on another one. For clusters in which
   * the writer changes. False by default.
   */
  readonly rejectReadOnly?: boolean;
}

/** What the connector needs. */
export interface Settings {
  /** What a connection of `mysql2` is made with. */
  readonly config: object;
  /** In milliseconds; 0 for no limit. */
  readonly connectTimeout: number;
  readonly cancelTimeout: number | undefined;
  readonly multiStatements: boolean;
  readonly statementCache: number;
  readonly nativeDates: boolean;
  readonly rejectReadOnly: boolean;
}

/**
 * Reads the options. Texts of errors never show what was given: there may be a password in it.
 *
 * @throws TypeError as `mysql` does
 */
export function readOptions(options: string | MysqlOptions): Settings {
  if (typeof options !== "string" && (typeof options !== "object" || options === null)) {
    throw new TypeError(`mysql: the options must be a URL or an object, got ${describe(options)}`);
  }
  const given: MysqlOptions = typeof options === "string" ? { uri: options } : options;
  const { uri, ssl, connectTimeout, cancelTimeout, multiStatements, statementCache = 64, ...others } = given;
  const { nativeDates = false, rejectReadOnly = false, ...rest } = others;
  if (!Number.isInteger(statementCache) || statementCache < 0) {
    throw new TypeError(`mysql: statementCache must be an integer, at least 0, got ${describe(statementCache)}`);
  }
  const read = uri === undefined ? undefined : readUrl(uri);
  const several = multiStatements ?? read?.multiStatements ?? false;
  for (const [name, value] of Object.entries({ nativeDates, rejectReadOnly, multiStatements: several })) {
    if (typeof value !== "boolean") throw new TypeError(`mysql: ${name} must be a boolean, got ${describe(value)}`);
  }
  const encryption = ssl === true ? { verifyIdentity: true } : ssl;
  const config = {
    ...rest,
    ...(read === undefined ? {} : { uri: read.uri }),
    ...(typeof encryption === "object" ? { ssl: encryption } : {}),
    ...(several ? { multipleStatements: true } : {}),
  };
  const limit = limitOf("connectTimeout", connectTimeout ?? read?.connectTimeout ?? 0);
  if (cancelTimeout !== undefined) limitOf("cancelTimeout", cancelTimeout);
  return {
    config,
    connectTimeout: limit,
    cancelTimeout,
    multiStatements: several,
    statementCache,
    nativeDates,
    rejectReadOnly,
  };
}

interface Read {
  readonly uri: string;
  readonly connectTimeout: number | undefined;
  readonly multiStatements: boolean | undefined;
}

function readUrl(text: string): Read {
  const scheme = /^([a-z][a-z0-9+.-]*):\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) throw new TypeError("mysql: the string must be a URL, as mysql://user@host/database");
  if (scheme !== "mysql" && scheme !== "mariadb") {
    throw new TypeError(`mysql: the URL must begin with mysql:, got ${scheme}:`);
  }
  const [base = "", ...rest] = text.split("?");
  const parameters = new URLSearchParams(rest.join("?"));
  let connectTimeout: number | undefined;
  for (const [name, unit] of [
    ["connectTimeout", 1],
    ["connect_timeout", 1000],
  ] as const) {
    const value = parameters.get(name);
    if (value === null) continue;
    if (!/^\d+(\.\d+)?$/.test(value)) {
      throw new TypeError(`mysql: ${name} must be a number, at least 0, got ${JSON.stringify(value)}`);
    }
    connectTimeout = Number(value) * unit;
    parameters.delete(name);
  }
  const several = parameters.get("multiStatements");
  if (several !== null && several !== "true" && several !== "false") {
    throw new TypeError(`mysql: multiStatements must be true or false, got ${JSON.stringify(several)}`);
  }
  parameters.delete("multiStatements");
  const query = parameters.toString();
  return {
    uri: query === "" ? base : `${base}?${query}`,
    connectTimeout,
    multiStatements: several === null ? undefined : several === "true",
  };
}

function limitOf(name: string, limit: number): number {
  if (typeof limit === "number" && limit >= 0) return limit;
  throw new TypeError(`mysql: ${name} must be a number of milliseconds, at least 0, got ${describe(limit)}`);
}
