/** What is published, for each kind of operation: no arguments, environments or bodies, which may be secret. */

import type { Context } from "../context/context.ts";
import type { Outcome } from "./tracing.ts";

/**
 * A goroutine. `error` is its panic.
 *
 * @example
 * ```ts
 * const told = (message: diagnostics.GoroutineMessage) => console.log(`goroutine ${message.id}`);
 * told({ id: 7 }); // goroutine 7
 * ```
 */
export interface GoroutineMessage extends Outcome {
  /** Its number, as in Go's reports. */
  readonly id: number;
}

/**
 * A call that goes to a database; its wait for a connection is part of it. A query is over when its first rows are
 * there, as its promise is; the rows are read afterwards.
 */
export interface QueryMessage extends Outcome {
  /** The method that was called, by Go's words. */
  readonly operation: "query" | "queryRow" | "exec" | "prepare" | "begin" | "commit" | "rollback" | "ping";
  /** The statement; undefined for what has none. Its arguments are not told. */
  readonly statement: string | undefined;
  /** The `DB`, `Conn`, `Tx` or `Stmt` on which it was called. */
  readonly on: object;
  /** The context of the call; undefined where there is none, as for `commit` and `rollback`. */
  readonly ctx: Context | undefined;
}

/**
 * A request that a server answers. What its handler has thrown is the `error`, also where it is answered with a status;
 * once the client has gone, `ctx.err()` says so.
 */
export interface RequestMessage extends Outcome {
  /** The request: of `node:http`, `node:http2` or the web. */
  readonly request: {
    readonly method?: string | undefined;
    readonly url?: string | undefined;
    readonly headers: object;
  };
  /** The response: Node's, which is there from the beginning, or the web's, which the handler returns. */
  response: { readonly statusCode?: number; readonly status?: number } | undefined;
  /** The context of the request. */
  readonly ctx: Context;
}

/** A command that runs. What its start or `wait` has thrown is the `error`. */
export interface CommandMessage extends Outcome {
  /** The program. Its arguments, which may hold secrets, are those of the `Cmd`. */
  readonly path: string;
  /** The `Cmd`, with its process once it runs, and at the end its `processState`. */
  readonly cmd: { readonly args: readonly string[]; readonly process: { readonly pid: number } | undefined };
  /** The context of the command; undefined if it has none. */
  readonly ctx: Context | undefined;
}

/**
 * A message of a topic in the hands of this process, from its delivery until it is settled. What `nack` was given is the
 * `error`, or what has ended its context before.
 */
export interface DeliveryMessage extends Outcome {
  /** The name of the topic. */
  readonly topic: string;
  /** The message's id. */
  readonly id: string;
  /** Which attempt it is, from 1. */
  readonly attempt: number;
  /** The context of the delivery. */
  readonly ctx: Context;
  /** How it was settled: `ack`, `nack`, `reject`, `giveBack`, or `close` with the broker. */
  outcome: string | undefined;
}
