/** How to reach a server: what the program says, as a URL, as libpq's settings or by its parts, and what `pg` takes. */

import { describe } from "../../runtime/arguments.ts";

/** How to reach a server. */
export interface PostgresOptions {
  /**
   * A URL, or settings in libpq's form, as `host=localhost dbname=shop`. It overrules the host, port, user, password and
   * database below, also where it names none. Parameters that are none of the connection's are settings of the session:
   * `?search_path=shop&statement_timeout=5s`.
   */
  readonly connectionString?: string;
  /** A name or an address, or the folder of a Unix socket; `localhost`. Several, with commas, are tried in order. */
  readonly host?: string;
  /** 5432; the same for all hosts. */
  readonly port?: number;
  /**
   * Which of several hosts will do, as libpq's `target_session_attrs`, by which a URL may say it: one whose transactions may
   * write (`read-write`) or may not (`read-only`), the `primary`, a `standby`, a standby if there is one
   * (`prefer-standby`), or `any`, the default. To find out takes one more question for each connection.
   */
  readonly targetSessionAttrs?: TargetSession;
  /** The name of the user who runs the program. */
  readonly user?: string;
  /** The password, or a function that fetches it for each connection. */
  readonly password?: string | (() => string | Promise<string>);
  /** The user's name. */
  readonly database?: string;
  /** Whether to encrypt: true, or options of Node's `tls.connect`. */
  readonly ssl?: boolean | object;
  /** What the server's lists call the program. */
  readonly applicationName?: string;
  /** Options for the server's session, as `-c statement_timeout=5s`. */
  readonly options?: string;
  /** Settings for the server's session: `{ search_path: "shop" }`. */
  readonly runtimeParams?: Readonly<Record<string, string | number | boolean>>;
  /**
   * How long connecting may take, in milliseconds; the context may end earlier. No limit by default. `connect_timeout` in
   * a URL, and `PGCONNECT_TIMEOUT`, are in seconds.
   */
  readonly connectTimeout?: number;
  /**
   * How long the server may take to stop a statement whose context has ended, in milliseconds; then the connection is
   * broken, and the statement may go on there. 5,000 by default. The caller waits for 200 ms at most in any case.
   */
  readonly cancelTimeout?: number;
  /**
   * How many texts each connection keeps prepared at the server, which makes statements that come again faster: 256 by
   * default, 0 for none. A proxy that gives a connection to several clients, as PgBouncer in transaction mode, needs 0
   * unless it knows prepared statements (`max_prepared_statements`).
   */
  readonly statementCache?: number;
}

/** Which servers will do. */
export type TargetSession = "any" | "read-write" | "read-only" | "primary" | "standby" | "prefer-standby";

const targets: ReadonlySet<string> = new Set<TargetSession>([
  "any",
  "read-write",
  "read-only",
  "primary",
  "standby",
  "prefer-standby",
]);

/** What the connector needs. */
export interface Settings {
  /** What a client of `pg` is made with: one for each host, in order. */
  readonly configs: readonly object[];
  readonly target: TargetSession;
  /** For each host, in milliseconds; 0 for no limit. */
  readonly connectTimeout: number;
  readonly cancelTimeout: number | undefined;
  readonly statementCache: number;
}

/** Parameters that `pg` understands. */
const known: ReadonlySet<string> = new Set(
  "host port user password application_name fallback_application_name client_encoding encoding db ssl sslmode sslcert sslkey sslrootcert sslnegotiation uselibpqcompat replication".split(
    " ",
  ),
);

/** Parameters of libpq's that would mean something else, or nothing, to the server. */
const unsupported: ReadonlySet<string> = new Set(
  "load_balance_hosts hostaddr passfile service servicefile channel_binding require_auth gssencmode krbsrvname gsslib gssdelegation sslpassword sslcrl sslcrldir sslsni sslcompression ssl_min_protocol_version ssl_max_protocol_version requirepeer keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout".split(
    " ",
  ),
);

/**
 * Reads the options. Texts of errors never show what was given: there may be a password in it.
 *
 * @throws TypeError as `postgres` does
 */
export function readOptions(options: string | PostgresOptions): Settings {
  if (typeof options !== "string" && (typeof options !== "object" || options === null)) {
    throw new TypeError(`postgres: the options must be a URL or an object, got ${describe(options)}`);
  }
  const given: PostgresOptions = typeof options === "string" ? { connectionString: options } : options;
  const {
    connectionString = "",
    applicationName,
    connectTimeout,
    cancelTimeout,
    runtimeParams = {},
    statementCache = 256,
    host,
    targetSessionAttrs,
    ...rest
  } = given;
  const read = readString(connectionString);
  const session = [...(given.options === undefined ? [] : [given.options]), ...read.session];
  for (const [name, value] of Object.entries(runtimeParams)) session.push(sessionSetting(name, String(value)));
  const config = {
    ...rest,
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
    ...(session.length === 0 ? {} : { options: session.join(" ") }),
  };
  if (!Number.isInteger(statementCache) || statementCache < 0) {
    throw new TypeError(`postgres: statementCache must be an integer, at least 0, got ${describe(statementCache)}`);
  }
  const limit = limitOf("connectTimeout", connectTimeout ?? read.connectTimeout ?? fromEnvironment());
  if (cancelTimeout !== undefined) limitOf("cancelTimeout", cancelTimeout);
  const places: object[] = host?.split(",").map((one) => ({ host: one })) ?? [{}];
  const configs = places.flatMap((place) =>
    read.urls.map((url) => Object.assign({}, config, place, url === "" ? {} : { connectionString: url })),
  );
  const target = targetSessionAttrs ?? read.target;
  if (!targets.has(target)) {
    const all = [...targets].join(", ");
    throw new TypeError(`postgres: target_session_attrs must be one of ${all}, got ${describe(target)}`);
  }
  return { configs, target: target as TargetSession, connectTimeout: limit, cancelTimeout, statementCache };
}

interface Read {
  /** The URLs for `pg`, one for each host; "" for none. */
  readonly urls: readonly string[];
  readonly target: string;
  /** Options for the session. */
  readonly session: string[];
  readonly connectTimeout: number | undefined;
}

function readString(text: string): Read {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (!/^(postgres|postgresql|socket|unix)$/.test(scheme)) {
      throw new TypeError(`postgres: the URL must begin with postgres:, got ${scheme}:`);
    }
    const [base = "", ...query] = text.trim().split("?");
    return assemble(base, new URLSearchParams(query.join("?")));
  }
  // A folder with a socket, which `pg` takes as it is; or nothing at all, which leaves everything to the environment.
  if (text === "" || text.startsWith("/"))
    return { urls: [text], session: [], connectTimeout: undefined, target: "any" };
  if (!/^\s*\w+\s*=/.test(text)) {
    throw new TypeError(
      'postgres: the string must be a URL, as postgres://user@host/database, or settings, as "host=localhost dbname=shop"',
    );
  }
  const settings = new URLSearchParams(readSettings(text));
  const database = settings.get("dbname") ?? "";
  settings.delete("dbname");
  return assemble(`postgres:///${encodeURI(database).replace(/[?#]/g, encodeURIComponent)}`, settings);
}

/** Sorts parameters: into those of the connection, those of the session, and the time to connect. */
function assemble(base: string, parameters: URLSearchParams): Read {
  const kept = new URLSearchParams();
  const session: string[] = [];
  let connectTimeout: number | undefined;
  let target = "any";
  let hosts: string[] = [];
  let ports: string[] = [];
  for (const [name, value] of parameters) {
    if (name === "options") session.push(value);
    else if (name === "connect_timeout") connectTimeout = readSeconds(value);
    else if (name === "target_session_attrs") target = value;
    else if (name === "host") hosts = value.split(",");
    else if (name === "port") ports = value.split(",");
    else if (known.has(name)) kept.append(name, value);
    else if (unsupported.has(name)) throw new TypeError(`postgres: the parameter ${name} is not supported`);
    else session.push(sessionSetting(name, value));
  }
  if (ports.length > 1 && ports.length !== hosts.length) {
    throw new TypeError(`postgres: ${hosts.length} hosts need as many ports, or one, got ${ports.length}`);
  }
  const urls = Array.from({ length: Math.max(hosts.length, 1) }, (_, i) => {
    const own = new URLSearchParams(kept);
    const port = ports.length > 1 ? ports[i] : ports[0];
    if (hosts[i] !== undefined) own.append("host", hosts[i]);
    if (port !== undefined) own.append("port", port);
    return own.toString().replaceAll("+", "%20");
  }).flatMap((query) => basesOf(base).map((one) => (query === "" ? one : `${one}?${query}`)));
  return { urls, session, connectTimeout, target };
}

/** Returns one URL for each of the hosts that a URL names: `postgres://ken@one:5432,two/shop`. */
function basesOf(base: string): string[] {
  const match = /^([^:/]+:\/\/(?:[^/?#]*@)?)([^/?#]*,[^/?#]*)(.*)$/s.exec(base);
  if (match === null) return [base];
  const [, before = "", hosts = "", after = ""] = match;
  return hosts.split(",").map((host) => before + host + after);
}

/** Reads libpq's form: `host=localhost password='it\'s'`. */
function readSettings(text: string): [name: string, value: string][] {
  const pattern = /\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/gsy;
  const settings: [string, string][] = [];
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const match = pattern.exec(text);
    if (match === null) throw new TypeError('postgres: the settings must be as "host=localhost dbname=shop"');
    const [, name = "", quoted, bare = ""] = match;
    settings.push([name, (quoted ?? bare).replace(/\\(.)/gs, "$1")]);
  }
  return settings;
}

/** Writes a setting as an option for the server, which separates them at blanks. */
function sessionSetting(name: string, value: string): string {
  if (!/^[\w.]+$/.test(name)) throw new TypeError("postgres: the name of a setting must be a word");
  return `-c ${name}=${value.replace(/[\s\\]/g, "\\$&")}`;
}

function readSeconds(text: string): number {
  const seconds = /^\s*-?\d+\s*$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(seconds)) {
    throw new TypeError(`postgres: connect_timeout must be a whole number of seconds, got ${JSON.stringify(text)}`);
  }
  return Math.max(seconds, 0) * 1000;
}

function fromEnvironment(): number {
  let text: string | undefined;
  try {
    text = process.env["PGCONNECT_TIMEOUT"];
  } catch {
    // Deno throws where the program may not read its environment. Then nothing is set there.
  }
  return text === undefined ? 0 : readSeconds(text);
}

function limitOf(name: string, limit: number): number {
  if (typeof limit === "number" && limit >= 0) return limit;
  throw new TypeError(`postgres: ${name} must be a number of milliseconds, at least 0, got ${describe(limit)}`);
}
