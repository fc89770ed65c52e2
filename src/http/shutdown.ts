import { chan, type ReceiveChan } from "../chan/chan.ts";
import { cause, type Context } from "../context/context.ts";
import { describe } from "../runtime/arguments.ts";
import { realNow } from "../runtime/host.ts";
import { select } from "../select/select.ts";
import { millisecond, second } from "../time/duration.ts";
import { newTimer } from "../time/time.ts";
import { track } from "./connections.ts";
import { checkContext } from "./errors.ts";
import type { NodeServer } from "./node.ts";

/** How long a connection may be open without a request before it counts as idle, as in Go. */
const usuallyNewFor = 5 * second;
const longestPause = 500 * millisecond;

/**
 * Shuts a server of `node:http`, `node:https` or `node:http2` down, such as the one that Express's `app.listen` returns:
 * it stops listening, closes the idle connections, and waits until the requests in progress have been answered and
 * their connections closed. Mirrors Go's `Server.Shutdown`. The contexts of these requests do not end by it.
 *
 * Connections of HTTP/2 are told to open no new streams, as far as they have brought a request to {@link handler} or
 * {@link context} before; of others the server does not tell. Upgraded connections are not waited for longer than Node
 * does, so close them yourself.
 *
 * @throws `ctx.err()` if `ctx` ends first. The server goes on draining: end it with `closeAllConnections()`.
 * @throws Error `net/http: nil Context`
 * @throws TypeError `http.shutdown: … is no server`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withTimeout(context.background(), 10 * time.second);
 * using _ = cancel;
 * await http.shutdown(ctx, nodeServer);
 * ```
 */
export async function shutdown(ctx: Context, server: NodeServer): Promise<void> {
  checkContext("http.shutdown", ctx);
  if (typeof (server as Partial<NodeServer> | undefined)?.close !== "function") {
    throw new TypeError(`http.shutdown: ${describe(server)} is no server`);
  }
  await drain(ctx, server);
}

/** Waits until the last connection of a server has closed, which it has stopped listening for. */
export async function drain(ctx: Context, server: NodeServer, newFor: number = usuallyNewFor): Promise<void> {
  const drained = chan<void>(1);
  // It is called with an error if the server does not listen; connections there may be all the same.
  server.close(() => void drained.trySend());
  let pause = 1 * millisecond;
  // As in Go, a server without requests in progress shuts down although the context has ended: Node tells in a later
  // turn of the event loop that it has.
  let done: ReceiveChan<never> | null = null;
  const timer = newTimer(pause);
  try {
    for (;;) {
      closeIdle(server, newFor);
      const op = await select({ drained, again: timer.c, done });
      if (op.case === "drained") return;
      if (op.case === "done") throw ctx.err() ?? cause(ctx);
      done = ctx.done();
      // As Go does: requests end soon, or take long.
      pause = Math.min(2 * pause, longestPause);
      timer.reset(pause);
    }
  } finally {
    timer.stop();
  }
}

function closeIdle(server: NodeServer, newFor: number): void {
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  const { sockets, sessions } = track(server);
  for (const session of sessions) if (!session.closed) session.close();
  for (const [socket, since] of sockets) {
    // Node takes a connection that has sent nothing for one with a request in progress.
    if (socket.bytesRead === 0 && realNow() - since >= newFor) socket.destroy();
  }
}
