import fc from "fast-check";
import { type Context, context, nilChan } from "gocsp";
import { attach } from "gocsp/runtime";
import { expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { Embedding, expectNothingLeft, OwnDone } from "./contexts.ts";
import { StandingClock } from "../support/clock.ts";
import { type Kind, kinds, Model, type Node } from "./tree.model.ts";

expectNothingLeft();

/** The library's side of one node. */
interface Real {
  readonly ctx: Context;
  readonly cancel: (cause: Error | undefined) => void;
  /** Set by the functions registered at this node. */
  called: number;
  readonly stop: () => boolean;
  stopped: boolean | undefined;
  readonly signal: AbortSignal;
}

const keys = [context.key<number>("a"), "b", 3];

function realize(kind: Kind, parent: Context, node: Node, now: number): Real {
  let cancel: Real["cancel"] = () => undefined;
  let ctx: Context;
  switch (kind) {
    case "cancel":
      [ctx, cancel] = context.withCancel(parent);
      break;
    case "cancelCause":
      [ctx, cancel] = context.withCancelCause(parent);
      break;
    case "timeout":
      [ctx, cancel] = context.withTimeoutCause(parent, node.delay, node.lateCause);
      break;
    case "deadline":
      [ctx, cancel] = context.withDeadlineCause(parent, new Date(now + node.delay), node.lateCause);
      break;
    case "value":
      ctx = context.withValue(parent, keys[node.key], node.bound);
      break;
    case "withoutCancel":
      ctx = context.withoutCancel(parent);
      break;
    case "embedding":
      ctx = new Embedding(parent);
      break;
    case "ownDone": {
      const own = new OwnDone(parent);
      cancel = (cause) => own.error ?? own.end(cause ?? context.canceled);
      ctx = own;
      break;
    }
    case "signal": {
      const controller = new AbortController();
      [ctx] = context.fromSignal(parent, controller.signal);
      cancel = (cause) => controller.abort(cause ?? context.canceled);
      break;
    }
  }
  const real: Real = {
    ctx,
    cancel,
    called: 0,
    stopped: undefined,
    signal: context.signal(ctx),
    stop: context.afterFunc(ctx, () => void real.called++),
  };
  return real;
}

/** What can be seen of a context, as the model predicts it. */
function seen({ ctx, signal, called }: Real): unknown {
  const done = ctx.done();
  return {
    err: ctx.err()?.message,
    cause: context.cause(ctx)?.message,
    done: done === nilChan() ? "nil" : done.tryReceive()?.ok === false ? "closed" : "open",
    deadline: ctx.deadline()?.getTime(),
    values: keys.map((key) => ctx.value(key)),
    signal: signal.aborted ? (signal.reason as Error).message : undefined,
    called,
  };
}

const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("derive" as const),
      kind: fc.constantFrom(...kinds),
      from: fc.nat(),
      delay: fc.integer({ min: -1, max: 12 }),
      caused: fc.boolean(),
      key: fc.nat(keys.length - 1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("cancel" as const), at: fc.nat(), caused: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("advance" as const), by: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stop" as const), at: fc.nat() }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer O> ? O & { look?: boolean } : never;

/** Carries the operations out on both sides and compares after each of them, unless it says otherwise. */
async function compare(operations: Operation[], now: number, advance: (by: number) => void): Promise<void> {
  const model = new Model(now);
  const reals: Real[] = [realize("cancelCause", context.background(), model.root, now)];
  for (const [step, op] of operations.entries()) {
    const at = ("at" in op ? op.at : "from" in op ? op.from : 0) % reals.length;
    const cause = "caused" in op && op.caused ? new Error(`cause of step ${step}`) : undefined;
    if (op.do === "derive") {
      const node = model.derive(op.kind, at, { delay: op.delay, lateCause: cause, key: op.key, bound: step });
      reals.push(realize(op.kind, (reals[at] as Real).ctx, node, node.born));
    } else if (op.do === "cancel") {
      model.cancel(at, cause);
      (reals[at] as Real).cancel(cause);
    } else if (op.do === "advance") {
      model.advance(op.by);
      advance(op.by);
    } else {
      expect((reals[at] as Real).stop()).toBe(model.stop(at));
    }
    // Watchers of users' channels are goroutines: they have run once everything has settled.
    await settle();
    if (op.look === false) continue;
    for (let i = 0; i < reals.length; i++) (reals[(i + step) % reals.length] as Real).ctx.err();
    await settle();
    expect(reals.map(seen)).toEqual(model.nodes.map((_, i) => model.predict(i)));
  }
  for (const real of reals) real.cancel(undefined);
  await settle();
}

test("random trees under random operations behave as the model says [X12]", { timeout: 120_000 }, async () => {
  // Fake timers, not a bubble: time moves in the middle of a step, where a bubble's stands still.
  vi.useFakeTimers();
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 40, size: "max" }), async (operations) => {
      await compare(operations, Date.now(), (by) => vi.advanceTimersByTime(by));
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

test("the same if no timer ever fires and deadlines are noticed by looks only [Z9]", { timeout: 120_000 }, async () => {
  const lazy = fc.tuple(operation, fc.boolean()).map(([op, look]) => Object.assign(op, { look }));
  await fc.assert(
    fc.asyncProperty(fc.array(lazy, { minLength: 1, maxLength: 40, size: "max" }), async (operations) => {
      const clock = new StandingClock({ lazy: true, wall: 1000 });
      using _ = attach({ clock });
      await compare(operations, clock.wall(), (by) => clock.advance(by));
    }),
    { numRuns: 1000 },
  );
});
