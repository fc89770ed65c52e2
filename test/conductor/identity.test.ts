import * as gocsp from "gocsp";
import { parseAst } from "vite";
import { describe, expect, test } from "vitest";
import { conductor, Conductor, type Options } from "../../src/conductor/conductor.ts";
import { hostIdentity } from "../../src/conductor/activity.ts";
import { quick, turn } from "../../src/conductor/drain.ts";
import * as points from "../../src/conductor/points.ts";
import { instrument } from "../../src/explore/instrument.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

/**
 * Bodies of goroutines, of which several run at once. `mine()` remembers whose code it is, `check(me)` looks whether the
 * conductor thinks so too. `shared` is one object for all of a run.
 */
const bodies: Record<string, string> = {
  "an operation that waits": `const me = mine(); await ch.send(1); check(me); await ch.receive(); check(me);`,
  "all of several operations": `const me = mine(); await Promise.all([ch.send(1), gosched(), ch.receive()]); check(me);`,
  "nested async functions": `const me = mine();
    const inner = async (n) => { if (n > 0) await inner(n - 1); else await gosched(); check(me); };
    await inner(3); check(me);`,
  "a promise in flight that is shared": `const me = mine();
    const load = async () => { await gosched(); await gosched(); return 1; };
    await (shared.flight ??= load()); check(me); await gosched(); check(me);`,
  "a promise that another goroutine settles": `const me = mine();
    shared.gate ??= Promise.withResolvers();
    if (shared.first === undefined) { shared.first = me; await gosched(); await gosched(); shared.gate.resolve(1); check(me); }
    else await shared.gate.promise;
    check(me); await null; check(me);`,
  "a promise that another goroutine rejects": `const me = mine();
    shared.gate ??= Promise.withResolvers();
    if (shared.first === undefined) { shared.first = me; await gosched(); shared.gate.reject(new Error("x")); }
    try { await shared.gate.promise; } catch { check(me); } finally { check(me); }
    await gosched(); check(me);`,
  "a generator that all take from": `const me = mine();
    shared.numbers ??= (async function* () { for (let n = 0; n < 9; n++) { await gosched(); yield n; } })();
    for (let i = 0; i < 2; i++) { await shared.numbers.next(); check(me); }`,
  "a loop over a channel": `const me = mine();
    await ch.send(1); await ch.send(2);
    for await (const n of ch) { check(me); await gosched(); check(me); if (n > 0) break; }
    check(me);`,
  "a race": `const me = mine();
    await Promise.race([gosched(), new Promise(() => undefined)]); check(me); await null; check(me);`,
  "the first of several that another goroutine settles": `const me = mine();
    shared.gates ??= [Promise.withResolvers(), Promise.withResolvers()];
    shared.began = (shared.began ?? 0) + 1;
    if (shared.began === 1) { await gosched(); shared.gates[0].reject(new Error("x")); await gosched(); shared.gates[1].resolve(1); }
    const promises = shared.gates.map(({ promise }) => promise);
    await Promise.any(promises); check(me); await Promise.allSettled(promises); check(me); await gosched(); check(me);`,
  "a thenable that another goroutine calls back": `const me = mine();
    shared.calls ??= [];
    const thenable = { then: (resolve) => void shared.calls.push(resolve) };
    if (shared.first === undefined) { shared.first = me; while (shared.calls.length < 2) await gosched(); for (const call of shared.calls) call(1); check(me); }
    else await thenable;
    check(me); await gosched(); check(me);`,
  "an event that another goroutine emits": `const me = mine();
    shared.events ??= new EventTarget();
    shared.waiting = shared.waiting ?? 0;
    if (shared.first === undefined) { shared.first = me; while (shared.waiting < 2) await gosched(); shared.events.dispatchEvent(new Event("x")); check(me); }
    else { const told = new Promise((resolve) => shared.events.addEventListener("x", resolve)); shared.waiting++; await told; }
    check(me); await gosched(); check(me);`,
  "a signal that another goroutine aborts": `const me = mine();
    shared.controller ??= new AbortController();
    const { signal } = shared.controller;
    if (shared.first === undefined) { shared.first = me; await gosched(); await gosched(); shared.controller.abort(); check(me); }
    else if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    check(me); await null; check(me); await gosched(); check(me);`,
  "a generator of its own that waits for what others settle": `const me = mine();
    shared.flight ??= (async () => { await gosched(); await gosched(); })();
    const numbers = async function* () { try { for (let n = 0; n < 3; n++) { await shared.flight; check(me); yield n; check(me); } } finally { await gosched(); check(me); } };
    for await (const n of numbers()) { check(me); if (n > 0) break; await gosched(); check(me); }
    check(me);`,
  "a chain of promises that is shared": `const me = mine();
    const turn = (shared.tail ?? Promise.resolve()).then(() => gosched());
    shared.tail = turn;
    await turn; check(me); await shared.tail; check(me); await gosched(); check(me);`,
  "what is disposed at the end": `const me = mine();
    shared.flight ??= (async () => { await gosched(); })();
    const file = { [Symbol.asyncDispose]: async () => { await shared.flight; check(me); await gosched(); check(me); } };
    try { await gosched(); check(me); } finally { await file[Symbol.asyncDispose](); }
    check(me);`,
};

type Body = (
  mine: () => unknown,
  check: (me: unknown) => void,
  ch: gocsp.Chan<number>,
  shared: object,
) => Promise<void>;

/** Compiles a body as the transform would; or as it is. */
function compiled(body: string, transformed: boolean): Body {
  const source = `const f = async (mine, check, ch, shared) => {${body}};`;
  const code = transformed ? instrument(source, parseAst)?.code.replace(/^import.*?;/, "") : source;
  const names = ["$gocspWho", "$gocspPoint", "$gocspResumed", "gosched"];
  // oxlint-disable-next-line typescript/no-implied-eval
  const make = new Function(...names, `${code}\nreturn f;`) as (...values: unknown[]) => Body;
  return make(points.who, points.point, points.resumed, gocsp.gosched);
}

/** Counts how often the conductor knew who is at work, and how often it did not, over many schedules. */
async function count(f: Body, identity: Options["identity"]): Promise<{ right: number; wrong: number }> {
  const counts = { right: 0, wrong: 0 };
  const check = (me: unknown): void => void (conductor?.who() === me ? counts.right++ : counts.wrong++);
  for (let seed = 1; seed <= 50; seed++) {
    let n = seed;
    const random = (below: number): number => (n = (n * 1103515245 + 12345) % 2 ** 31) % below;
    const run = new Conductor({
      name: "test",
      open: true,
      identity,
      strategy: { next: (options) => random(options.length), choose: random },
    });
    const { kind } = await run.run(async () => {
      const shared = {};
      const wg = new gocsp.sync.WaitGroup();
      const ch = gocsp.chan<number>(9);
      for (let i = 0; i < 3; i++) wg.go(f, () => conductor?.who(), check, ch, shared);
      await wg.wait();
    });
    expect(kind).toBe("returned");
  }
  return counts;
}

describe("whose code runs is known behind", () => {
  test.each(Object.entries(bodies))("%s, where the host tells [O21]", async (_, body) => {
    const { right, wrong } = await count(compiled(body, false), hostIdentity);
    expect([right > 100, wrong]).toEqual([true, 0]);
  });

  test.each(Object.entries(bodies))("%s, in instrumented code [O21]", async (_, body) => {
    const { right, wrong } = await count(compiled(body, true), undefined);
    expect([right > 100, wrong]).toEqual([true, 0]);
  });
});

test.each([
  ["where the host tells", hostIdentity],
  ["where it does not", undefined],
])("nobody is at work while the event loop turns, %s [O21]", async (_, identity) => {
  const seen: unknown[] = [];
  let going = true;
  const realSetImmediate = setImmediate;
  const look = (): void => {
    if (conductor !== undefined) seen.push(conductor.who());
    if (going) realSetImmediate(look);
  };
  realSetImmediate(look);
  const { kind } = await new Conductor({ name: "test", open: true, identity }).run(async () => {
    while (seen.length < 3) await gocsp.gosched();
  });
  going = false;
  expect([kind, seen.slice(0, 3)]).toEqual(["returned", [undefined, undefined, undefined]]);
});

test.each(Object.entries({ quick, turn }))(
  "all microtasks that a step brings about belong to it: the drain %s waits for the last [O21]",
  async (_, drain) => {
    for (let round = 0; round < 50; round++) {
      let hops = 0;
      const seen = await new Promise<number>((resolve) => {
        void (async () => {
          for (; hops < 1000; hops++) await undefined;
        })();
        drain(() => resolve(hops));
      });
      expect(seen).toBe(1000);
    }
  },
);

test("without either it is wrong behind each other's promises: the checks can fail [O21]", async () => {
  const { wrong } = await count(compiled(bodies["a promise in flight that is shared"] as string, false), undefined);
  expect(wrong).toBeGreaterThan(0);
});
