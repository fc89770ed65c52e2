/**
 * Contexts for HTTP, which end when the client goes away: in servers on `node:http`, `node:http2`, Express, Fastify,
 * Koa, Hono, Bun and Deno, and in calls of `fetch`. Mirrors what Go's `net/http` does with contexts.
 *
 * @module
 */

export { Addr } from "./addr.ts";
export type { ContextOptions } from "./base-contexts.ts";
export {
  context,
  newRequestWithContext,
  type RequestLike,
  type RequestOptions,
  type ResponseLike,
  setContext,
  withContext,
} from "./context.ts";
export { errAbortHandler, errHandlerTimeout, errServerClosed } from "./errors.ts";
export { fetch } from "./fetch.ts";
export { fetchHandler, type FetchHandlerOptions } from "./fetch-handler.ts";
export { type Handler, handler, handlerFunc, type HandlerOptions } from "./handler.ts";
export { localAddrContextKey, serverContextKey } from "./keys.ts";
export type { NodeRequest, NodeResponse, NodeServer } from "./node.ts";
export { Server, type ServerOptions } from "./server.ts";
export { shutdown } from "./shutdown.ts";
export { timeoutHandler } from "./timeout.ts";
export * as url from "./url.ts";
