/** Programs of the first style of `generate.ts`. */

import { type Body, contexts, gates, type Program, type Statement, stops } from "./program.ts";
import type { Random } from "./random.ts";

export function conducted(r: Random): Program {
  const capacities = [r.below(3), ...r.list(1, 2, () => r.pick(0, 0, 1, 2, 3))];
  const locks = [onMutex, onRWMutex, onCond, onOnce, onWaitGroup];
  const kinds = [onRangedChannel, onChannels, onContexts, r.pick(...locks)];
  // A program on one subject exercises it more.
  const focus = r.pick(...kinds);
  const steps = r.list(8, 20, (i) => {
    const kind = r.once(6) ? r.pick(...kinds) : focus;
    return { do: "step", body: kind(r, { channels: capacities.length, v: 10 * i + 1 }) };
  });
  const derived = r.list(1, 5, (i) => deriveAny(r, i));
  const end = Array.from({ length: contexts }, (_, ctx) => ({ do: "describe", ctx }));
  return { style: "conducted", capacities, main: [...derived, ...steps, ...end] };
}

/** What a step is made for: channels from 1 to `channels`, and values from `v` to `v + 9`. */
interface Scene {
  readonly channels: number;
  readonly v: number;
}

/**
 * Channel 1 is for goroutines that continue when they are woken, in a range. Each goroutine operates on it at most
 * once, as its last step, so the order of the goroutines does not matter.
 */
function onRangedChannel(r: Random, { v }: Scene): Body {
  if (r.once(4)) return [{ do: "range", ch: 1, limit: r.pick(-1, 1, 2) }];
  if (r.once(6)) return [{ do: "rangeUntil", ctx: r.below(contexts), ch: 1 }];
  return [r.once(3) ? prompt(r, 1, v) : patient(r, 1, v)];
}

function onChannels(r: Random, { channels, v }: Scene): Body {
  const channel = (): number => (r.once(20) ? 0 : 2 + r.below(channels - 1));
  const prompts = r.list(0, 2, (i) => (r.once(4) ? promptOnContext(r, v + i) : prompt(r, channel(), v + i)));
  if (r.once(5)) return prompts;
  const last = r.once(2) ? patient(r, channel(), v + 4) : select(r, v + 4, () => r.below(channels + 1));
  return [...prompts, last];
}

function onContexts(r: Random, { v }: Scene): Body {
  // The end of such a context reaches the contexts derived from it through goroutines.
  if (r.once(5)) return [{ do: "end", ctx: r.below(contexts) }];
  const prompts = r.list(1, 3, (i) => promptOnContext(r, v + i));
  return r.once(2) ? prompts : [...prompts, { do: "awaitDone", ctx: r.below(contexts) }];
}

function onMutex(r: Random): Body {
  return [r.pick<Statement>(hold(r, 0), hold(r, 0), { do: "mu.try", mu: 0 }, open(r))];
}

function onRWMutex(r: Random): Body {
  const [read, write] = [
    { do: "rw.read", gate: r.below(gates) },
    { do: "rw.write", gate: r.below(gates) },
  ];
  return [r.pick<Statement>(read, read, write, write, { do: "rw.try" }, open(r), open(r))];
}

function onCond(r: Random): Body {
  const wait = { do: "cond.wait" };
  return [r.pick<Statement>(wait, wait, { do: "cond.signal" }, { do: "cond.broadcast" }, hold(r, 1), open(r))];
}

function onOnce(r: Random): Body {
  const body: Body = [{ do: "await", gate: r.below(gates) }, ...r.list(0, 1, (v) => ({ do: "panic", v }))];
  const once = { do: "once", once: r.below(2), body };
  return [r.pick<Statement>(once, once, once, open(r))];
}

function onWaitGroup(r: Random): Body {
  const wait = { do: "wg.wait", wg: 0 };
  return [r.pick<Statement>({ do: "wg.add", wg: 0, v: r.below(4) - 1 }, { do: "wg.done", wg: 0 }, wait, wait)];
}

function hold(r: Random, mu: number): Statement {
  return { do: "mu.hold", mu, gate: r.below(gates) };
}

function open(r: Random): Statement {
  return { do: "open", gate: r.below(gates) };
}

/** An operation that may have to wait. */
function patient(r: Random, ch: number, v: number): Statement {
  const ctx = r.below(contexts);
  return r.pick<Statement>(
    { do: "send", ch, v },
    { do: "send", ch, v },
    { do: "receive", ch },
    { do: "receiveOk", ch },
    { do: "sendUntil", ctx, ch, v },
    { do: "receiveUntil", ctx, ch },
  );
}

function prompt(r: Random, ch: number, v: number): Statement {
  return r.pick<Statement>(
    { do: r.once(2) ? "close" : "look", ch },
    { do: "trySend", ch, v },
    { do: "tryReceive", ch },
    select(r, v, () => ch, { do: "otherwise" }),
  );
}

/** At most one case is the end of a context: when a tree ends, its siblings do so in any order. */
function select(r: Random, v: number, channel: () => number, ...otherwise: Statement[]): Statement {
  const cases = r.list<Statement>(0, 4, (i) =>
    r.once(2) ? { do: "onSend", ch: channel(), v: v + i } : { do: "onReceive", ch: channel() },
  );
  if (r.once(3)) cases.push({ do: "onDone", ctx: r.below(contexts) });
  return selectOf(r, [...r.shuffled(cases), ...otherwise]);
}

/** Makes a select of one form or the other. */
export function selectOf(r: Random, cases: Body): Statement {
  return { do: r.pick("select", "selectAgain"), cases: cases.length === 1 ? [...cases, { do: "onNothing" }] : cases };
}

function promptOnContext(r: Random, v: number): Statement {
  const [ctx, stop] = [r.below(contexts), r.below(stops)];
  return r.pick<Statement>(
    deriveAny(r, v),
    deriveAny(r, v),
    { do: "cancel", ctx, v },
    { do: "cancelWithoutCause", ctx },
    { do: "describe", ctx },
    { do: "afterFunc", ctx, stop },
    { do: "stop", stop },
  );
}

function deriveAny(r: Random, v: number): Statement {
  const [ctx, to] = [r.below(contexts), r.below(contexts)];
  if (r.once(4)) return { do: "ownDone", ctx, to };
  if (r.once(6)) return { do: "withTimeout", ctx, to, hours: r.below(3), v };
  return derive(r, v, ctx, to);
}

/** Derives a context that ends only by cancel, which ends the whole tree synchronously. */
export function derive(r: Random, v: number, ctx: number, to: number): Statement {
  return r.pick<Statement>(
    { do: "withCancel", ctx, to },
    { do: "withCancelCause", ctx, to },
    { do: "withCancelCause", ctx, to },
    { do: "withValue", ctx, to, key: r.below(3), v },
    { do: "withoutCancel", ctx, to },
    { do: "embedding", ctx, to },
  );
}
