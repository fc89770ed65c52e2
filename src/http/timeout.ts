import { deadlineExceeded, withTimeout } from "../context/context.ts";
import { watchEnd } from "../context/internal.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { callAndFinish } from "./answer.ts";
import { BufferedResponse } from "./buffered-response.ts";
import { setContext } from "./context.ts";
import { errHandlerTimeout } from "./errors.ts";
import type { Handler } from "./handler.ts";
import type { NodeRequest, NodeResponse } from "./node.ts";
import type { IncomingMessage, ServerResponse } from "node:http";

const usualMessage = "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>";

/**
 * Returns a handler that runs `f` with a limit of `duration` milliseconds. Mirrors Go's `http.TimeoutHandler`. Pass it
 * to {@link handler} or {@link Server}.
 *
 * `f` gets a context with that timeout, which `http.context` of the request returns meanwhile, too. What it writes is
 * held back until it calls `res.end()`, and is sent then (Go sends it when the handler returns); if it returns without
 * having written anything, status 200 without a body is sent, see {@link handler}. If its time is over before that, the
 * answer is status 503 with `message` (by default a small page in HTML); if its context ends for another reason, 503
 * without a body. From then on what `f` writes is dropped: the callbacks of `write` and `end` get
 * {@link errHandlerTimeout}, or `ctx.err()`. `write` and `end` do not throw, because late writes are made by callbacks,
 * whose errors would end the program. An error that `f` throws in time is rethrown; later ones are dropped.
 *
 * @throws TypeError `http.timeoutHandler: 42 is not a function`, or as `context.withTimeout` does, at a request.
 *
 * @example
 * ```ts
 * const limited = http.timeoutHandler(
 *   async (ctx, req, res) => res.end(JSON.stringify(await fetchUser(ctx, 7))),
 *   2 * time.second,
 *   "too slow\n",
 * );
 * const server = createServer(http.handler(limited));
 * ```
 */
export function timeoutHandler<Req extends NodeRequest = IncomingMessage, Res extends NodeResponse = ServerResponse>(
  f: Handler<Req, Res>,
  duration: number,
  message = "",
): Handler<Req, Res> {
  checkFunction("http.timeoutHandler", f);
  return async (outer, req, res) => {
    const [ctx, cancel] = withTimeout(outer, duration);
    const buffered = new BufferedResponse(res);
    setContext(req, res, ctx);
    let isLate = false;
    let failure: unknown;
    let giveUp: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (giveUp = resolve));
    // In the step of the end, before a handler that waits for the same end can answer.
    const stop = watchEnd(ctx, true, () => {
      giveUp();
      if (buffered.isSent) return;
      isLate = true;
      const error = ctx.err() as Error;
      const body = message === "" ? usualMessage : message;
      failure =
        error === deadlineExceeded ? buffered.replace(503, body, errHandlerTimeout) : buffered.replace(503, "", error);
    });
    const run = async (): Promise<void> => {
      await callAndFinish(f, ctx, req, res);
      await buffered.sent;
    };
    try {
      await Promise.race([run(), late]);
    } catch (error) {
      // The time may be over although no timer has fired yet: `err()` notices that, and has the answer replaced.
      ctx.err();
      if (!isLate) {
        buffered.release();
        throw error;
      }
    } finally {
      stop();
      cancel();
      setContext(req, res, outer);
    }
    if (failure !== undefined) throw failure;
  };
}
