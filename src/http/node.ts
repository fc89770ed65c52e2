/** The types of Node's servers, which are all that this package takes of them when it loads. */

import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type {
  Http2SecureServer,
  Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  ServerHttp2Session,
  ServerHttp2Stream,
} from "node:http2";
import type { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";

/** A server of `node:http`, `node:https` or `node:http2`. */
export type NodeServer = HttpServer | HttpsServer | Http2Server | Http2SecureServer;

/** A request of one of them. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** A response of one of them. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Returns the stream of an HTTP/2 request or response; undefined for HTTP/1. */
export function http2Stream(message: NodeRequest | NodeResponse): ServerHttp2Stream | undefined {
  const { stream } = message as Partial<Http2ServerResponse>;
  // The prototype of a request in HTTP/1 may have been given a `stream` by somebody: only a real one has a reset code.
  return stream !== undefined && stream !== null && "rstCode" in stream ? stream : undefined;
}

/** What carries requests: a socket, or the session of HTTP/2, whose socket is a proxy made anew each time. */
export type Carrier = Socket | ServerHttp2Session;

/** Returns the socket that a carrier stands for, as far as one may look at it. */
export function socketOf(carrier: Carrier): Socket | undefined {
  try {
    return "socket" in carrier ? carrier.socket : carrier;
  } catch {
    // The session is gone.
    return undefined;
  }
}

/** Returns the server to which a connection came. */
export function serverOf(carrier: Carrier): NodeServer | undefined {
  return (socketOf(carrier) as { server?: NodeServer } | undefined)?.server;
}
