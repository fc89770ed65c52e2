/**
 * Reads an unread body of a request ahead.
 *
 * Node stops reading from the socket when an unread body has filled a small buffer. From then on it does not see the
 * client leave, because the end of the connection comes behind the rest of the body. Discarding the rest would show the
 * end, but take it from a handler that reads late. So the rest is read into the request's own buffer, where a late
 * reader finds all of it in order, up to a limit.
 */

import type { IncomingMessage } from "node:http";

/** How many bytes of one request's body are read ahead unless the caller says otherwise. */
export const defaultLimit: number = 16 * 1024 * 1024;

/** How many bytes are held for all requests together, so that many slow uploads do not add up. */
const totalLimit = 8 * defaultLimit;

let total = 0;

/**
 * For each socket, ends the reading ahead of its current request. There is one at a time: the next comes after its
 * body.
 */
const current = new WeakMap<object, () => void>();

/**
 * Keeps the socket flowing until the body has ended, a reader begins, or `limit` is reached. The result ends that.
 */
export function readAhead(req: IncomingMessage, limit: number): () => void {
  const { socket } = req;
  if (!mayHaveBody(req) || !(limit > 0) || typeof socket?.isPaused !== "function") return nothing;
  current.get(socket)?.();
  let held = 0;
  let stopped = false;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    socket.off("pause", soon);
    total -= held;
  };
  const look = (): void => {
    if (stopped) return;
    if (req.complete || isRead(req)) return stop();
    const grown = req.readableLength - held;
    total += grown;
    held += grown;
    // If nothing has arrived since the last look, it was not the full buffer that paused the socket.
    if (grown > 0 && held < limit && total < totalLimit && !socket.destroyed) socket.resume();
  };
  // In a later turn: Node has not finished pausing, and the handler may be about to read.
  const soon = (): void => void setImmediate(look);
  socket.on("pause", soon);
  current.set(socket, stop);
  if (socket.isPaused()) soon();
  return stop;
}

function mayHaveBody({ complete, headers }: IncomingMessage): boolean {
  return !complete && ("transfer-encoding" in headers || (headers["content-length"] ?? "0") !== "0");
}

/** Tells whether a reader has begun to read or to pause the stream: from then on it decides the pace. */
function isRead(req: IncomingMessage): boolean {
  return req.readableFlowing !== null || req.readableDidRead || req.listenerCount("readable") > 0 || req.destroyed;
}

function nothing(): void {}
