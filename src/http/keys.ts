import { key, type Key } from "../context/context.ts";
import type { Addr } from "./addr.ts";
import type { NodeServer } from "./node.ts";
import type { Server } from "./server.ts";

/**
 * The key of the server in the context of a request. Mirrors Go's `http.ServerContextKey`. The value is Node's server,
 * or the {@link Server} of this package.
 *
 * @example
 * ```ts
 * const server = ctx.value(http.serverContextKey);
 * ```
 */
export const serverContextKey: Key<Server | NodeServer> = key("net/http context value http-server");

/**
 * The key of the local address of the connection in the context of a request. Mirrors Go's `http.LocalAddrContextKey`.
 *
 * @example
 * ```ts
 * console.log(ctx.value(http.localAddrContextKey)?.port);
 * ```
 */
export const localAddrContextKey: Key<Addr> = key("net/http context value local-addr");
