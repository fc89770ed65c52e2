/** Watches connections close, and tracks those of a server. */

import type { EventEmitter } from "node:events";
import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { realNow } from "../runtime/host.ts";
import type { Carrier, NodeServer } from "./node.ts";

/** The functions to call when a socket closes. One listener calls them all: there may be many pipelined requests. */
const watchers = new WeakMap<object, Set<() => void>>();

/**
 * Calls `closed` when the socket closes; the result undoes that. On Node 20 and 22 nothing else reports that the client
 * has gone to a pipelined request whose turn to answer has not come.
 */
export function watchConnection(socket: EventEmitter | undefined, closed: () => void): () => void {
  if (typeof socket?.once !== "function") return () => undefined;
  let set = watchers.get(socket);
  if (set === undefined) {
    const calls = new Set<() => void>();
    set = calls;
    watchers.set(socket, calls);
    socket.once("close", () => {
      for (const call of calls) call();
    });
  }
  const calls = set;
  calls.add(closed);
  return () => calls.delete(closed);
}

/** The connections of a server that arrived after the tracking began. */
export interface Tracked {
  /** The sockets, with the time at which they were accepted. */
  readonly sockets: Map<Socket, number>;
  readonly sessions: Set<ServerHttp2Session>;
}

const tracked = new WeakMap<object, Tracked>();

/** Begins to track the connections of a server. Those that it has already are not found. */
export function track(server: NodeServer): Tracked {
  const known = tracked.get(server);
  if (known !== undefined) return known;
  const connections: Tracked = { sockets: new Map(), sessions: new Set() };
  tracked.set(server, connections);
  const emitter: EventEmitter = server;
  emitter.on("connection", (socket: Socket) => {
    connections.sockets.set(socket, realNow());
    socket.once("close", () => connections.sockets.delete(socket));
  });
  emitter.on("session", (session: ServerHttp2Session) => {
    connections.sessions.add(session);
    session.once("close", () => connections.sessions.delete(session));
  });
  return connections;
}

/** Begins to track a server, when a request of it has arrived on this connection. */
export function trackFrom(server: NodeServer, carrier: Carrier): void {
  const { sessions } = track(server);
  if (!("socket" in carrier) || carrier.destroyed || sessions.has(carrier)) return;
  sessions.add(carrier);
  carrier.once("close", () => sessions.delete(carrier));
}
