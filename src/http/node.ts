/** The types of Node's servers. Only types are imported, so that the package loads without Node. */

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
  // A library may have added a `stream` to the prototype of HTTP/1's requests: only an HTTP/2 stream has a reset code.
  return stream !== undefined && stream !== null && "rstCode" in stream ? stream : undefined;
}

/** What carries requests: a socket, or the session of HTTP/2, whose `socket` is a new proxy at each access. */
export type Carrier = Socket | ServerHttp2Session;

/** Returns the socket of a carrier; undefined if it is gone. */
export function socketOf(carrier: Carrier): Socket | undefined {
  try {
    return "socket" in carrier ? carrier.socket : carrier;
  } catch {
    // The session is destroyed.
    return undefined;
  }
}

/** Returns the server on which a connection arrived. */
export function serverOf(carrier: Carrier): NodeServer | undefined {
  return (socketOf(carrier) as { server?: NodeServer } | undefined)?.server;
}
