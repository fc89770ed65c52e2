/**
 * Topics on NATS JetStream, of a server 2.14 or later, through the package `@nats-io/transport-node`: a stream and a consumer
 * for each topic.
 *
 * What it cannot do, and PostgreSQL can: it takes part in no transaction; it keeps no order by key; it does not refuse the
 * settlement of a worker that has lost its lease, so that only the worker's own clock does; and an attempt that was given back
 * counts. A value has 16,711,680 bytes of JSON at most: 16 MiB less 64 KiB for headers. The server's `max_payload` less 64 KiB is
 * a limit as well; that is 1 MiB unless its configuration says otherwise.
 *
 * @module
 */

import type { Context } from "../../context/context.ts";
import { deadlineOf } from "../../context/internal.ts";
import { describe } from "../../runtime/arguments.ts";
import type { Engine, Listener, Session } from "../engine.ts";
import { loadNats } from "./client.ts";
import { JetStreamSession, mostValue } from "./session.ts";

/** How to use a NATS server for topics. */
export interface JetStreamOptions {
  /** What else `connect` of `@nats-io/transport-node` takes: `user`, `token`, `tls`, … */
  readonly connect?: object;
  /** How many copies of each message the cluster keeps: 1 unless this says otherwise. */
  readonly replicas?: number;
}

/**
 * Says where topics are: by the URLs of one or more servers of a cluster. Nothing is connected yet.
 *
 * @throws TypeError `topic: the servers must be URLs, got …`
 *
 * @example
 * ```ts
 * const broker = await topic.open(ctx, jetstream("nats://localhost:4222"));
 * ```
 */
export function jetstream(servers: string | readonly string[], options: JetStreamOptions = {}): Engine {
  const list = typeof servers === "string" ? [servers] : servers;
  if (!Array.isArray(list) || list.length === 0 || list.some((url) => typeof url !== "string")) {
    throw new TypeError(`topic: the servers must be URLs, got ${describe(servers)}`);
  }
  return new JetStreamEngine(list as string[], options);
}

class JetStreamEngine implements Engine {
  readonly name = "NATS JetStream";
  readonly transactions = false;
  readonly fenced = false;
  readonly keyed = false;
  readonly givesBackFree = false;
  readonly maxSize = mostValue;
  readonly #servers: string[];
  readonly #options: JetStreamOptions;

  constructor(servers: string[], options: JetStreamOptions) {
    this.#servers = servers;
    this.#options = options;
  }

  async open(ctx: Context, listener: Listener): Promise<Session> {
    const nats = await loadNats();
    const deadline = deadlineOf(ctx);
    const timeout = deadline === undefined ? 10_000 : Math.min(deadline.getTime() - Date.now(), 60_000);
    const connection = await nats.connect({
      name: "gocsp_topic",
      ...this.#options.connect,
      servers: this.#servers,
      timeout: Math.max(timeout, 1),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 200,
    });
    return new JetStreamSession(connection, nats.headers, this.#options.replicas ?? 1, listener);
  }
}
