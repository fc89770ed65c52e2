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
 * Shuts a server of `node:http`, `node:https` or `node:http2` down, such as the one that Express's `app.listen`
 * returns: it stops listening, closes the idle connections, and waits until the requests in progress have been answered
 * and their connections closed. Mirrors Go's `Server.Shutdown`. It does not end the contexts of these requests.
 *
 * Connections of HTTP/2 get a GOAWAY, so that they open no new streams, if a request on them was passed to
 * {@link handler} or {@link context} before; Node does not list the others. Upgraded connections are not waited for
 * longer than Node does, so close them yourself.
 *
 * @throws `ctx.err()` if `ctx` ends first. The server continues to drain: end it with `closeAllConnections()`.
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

/** Stops listening, and waits until the last connection of the server has closed. */
export async function drain(ctx: Context, server: NodeServer, newFor: number = usuallyNewFor): Promise<void> {
  const drained = chan<void>(1);
  // The callback gets an error if the server does not listen, but is called after the last connection even then.
  server.close(() => void drained.trySend());
  let pause = 1 * millisecond;
  // As in Go, a server without requests in progress shuts down although the context has ended. Node reports that in a
  // later turn of the event loop, so the first wait does not watch the context.
  let done: ReceiveChan<never> | null = null;
  const timer = newTimer(pause);
  try {
    for (;;) {
      closeIdle(server, newFor);
      const op = await select({ drained, again: timer.c, done });
      if (op.case === "drained") return;
      if (op.case === "done") throw ctx.err() ?? cause(ctx);
      done = ctx.done();
      // As in Go: requests end soon, or take long.
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
    // Node counts a connection that has sent nothing as one with a request in progress.
    if (socket.bytesRead === 0 && realNow() - since >= newFor) socket.destroy();
  }
}
