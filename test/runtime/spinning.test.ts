// A goroutine that only tries, and parks nowhere in between, spins: its next three operations let others run before they
// take anything. See livelock.test.ts for the programs that would not end otherwise.
import { type Chan, chan, context, gosched, select, selectList, send, sync } from "gocsp";
import { seed } from "gocsp/runtime";
import { selector } from "gocsp/select";
import { Weighted } from "gocsp/semaphore";
import { beforeEach, describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

/** Parks and is served, so that what went before is no spinning. */
async function park(): Promise<void> {
  const ch = chan<number>();
  const parked = ch.receive();
  ch.trySend(1);
  await parked;
}

beforeEach(async () => {
  seed(1);
  // Three operations use up what an earlier test has left.
  const full = channel(true);
  for (let i = 0; i < 3; i++) {
    await full.receive();
    full.trySend(1);
  }
  await gosched();
  await park();
});

/** Returns a channel that holds its one value, or none. */
function channel(full: boolean): Chan<number> {
  const ch = chan<number>(1);
  if (full) ch.trySend(1);
  return ch;
}

/** Tries that fail. */
const tries: Record<string, () => () => unknown> = {
  "Chan.trySend": () => {
    const ch = channel(true);
    return () => ch.trySend(2);
  },
  "Chan.tryReceive": () => {
    const ch = channel(false);
    return () => ch.tryReceive();
  },
  "a select with a default": () => {
    const ch = channel(false);
    return async () => void (await select({ ch, default: true }));
  },
  "a select over a list with a default": () => {
    const ch = channel(false);
    return async () => void (await selectList([ch], { default: true }));
  },
  "Selector.trySelect": () => {
    const selecting = selector({ ch: channel(false) });
    return () => selecting.trySelect();
  },
  "Mutex.tryLock": () => {
    const mu = new sync.Mutex();
    mu.tryLock();
    return () => mu.tryLock();
  },
  "RWMutex.tryLock": () => {
    const rw = new sync.RWMutex();
    rw.tryRLock();
    return () => rw.tryLock();
  },
  "RWMutex.tryRLock": () => {
    const rw = new sync.RWMutex();
    rw.tryLock();
    return () => rw.tryRLock();
  },
  "Weighted.tryAcquire": () => {
    const tokens = new Weighted(1);
    tokens.tryAcquire();
    return () => tokens.tryAcquire();
  },
};

/** An operation that need not wait, whether it has taken what it wants, and how that is put back. */
interface Operation {
  start: () => Promise<unknown>;
  hasTaken: () => boolean;
  putBack: () => unknown;
}

function receiving(start: (ch: Chan<number>) => Promise<unknown>): () => Operation {
  return () => {
    const ch = channel(true);
    return { start: () => start(ch), hasTaken: () => ch.length === 0, putBack: () => ch.trySend(1) };
  };
}

function sending(start: (ch: Chan<number>) => Promise<unknown>): () => Operation {
  return () => {
    const ch = channel(false);
    return { start: () => start(ch), hasTaken: () => ch.length === 1, putBack: () => ch.tryReceive() };
  };
}

const [ctx] = context.withCancel(context.background());

function locking(start: (mu: sync.Mutex) => Promise<unknown>): () => Operation {
  return () => {
    const mu = new sync.Mutex();
    return { start: () => start(mu), hasTaken: () => String(mu) === "Mutex(locked)", putBack: () => mu.unlock() };
  };
}

function sharing(taken: string, start: (rw: sync.RWMutex) => Promise<unknown>): () => Operation {
  return () => {
    const rw = new sync.RWMutex();
    return {
      start: () => start(rw),
      hasTaken: () => String(rw) === `RWMutex(${taken})`,
      putBack: () => (taken === "locked" ? rw.unlock() : rw.rUnlock()),
    };
  };
}

function acquiring(within: context.Context): () => Operation {
  return () => {
    const tokens = new Weighted(1);
    return {
      start: () => tokens.acquire(within),
      hasTaken: () => String(tokens) === "Weighted(1/1)",
      putBack: () => tokens.release(),
    };
  };
}

const operations: Record<string, () => Operation> = {
  "Chan.receive": receiving((ch) => ch.receive()),
  "Chan.receive with a context": receiving((ch) => ch.receive(ctx)),
  "Chan.receiveOk": receiving((ch) => ch.receiveOk()),
  "Chan.receiveOk with a context": receiving((ch) => ch.receiveOk(ctx)),
  "Chan.send": sending((ch) => ch.send(1)),
  "Chan.send with a context": sending((ch) => ch.send(1, ctx)),
  "a select that receives": receiving((ch) => select({ ch })),
  "a select that sends": sending((ch) => select({ sent: send(ch, 1) })),
  "a select with a default": receiving((ch) => select({ ch, default: true })),
  "a select over a list": receiving((ch) => selectList([ch])),
  "Selector.select": receiving((ch) => selector({ ch }).select()),
  "Mutex.lock": locking((mu) => mu.lock()),
  "Mutex.lock with a context": locking((mu) => mu.lock(ctx)),
  "RWMutex.lock": sharing("locked", (rw) => rw.lock()),
  "RWMutex.lock with a context": sharing("locked", (rw) => rw.lock(ctx)),
  "RWMutex.rLock": sharing("1 reading", (rw) => rw.rLock()),
  "RWMutex.rLock with a context": sharing("1 reading", (rw) => rw.rLock(ctx)),
  "Weighted.acquire": acquiring(context.background()),
  "Weighted.acquire with a context": acquiring(ctx),
};

/** Far more tries than it takes to see that a goroutine spins, which is about six hundred. */
const maxRounds = 2000;

/** Carries out an operation, and tells whether it let others run before it took anything. */
async function lags({ start, hasTaken, putBack }: Operation): Promise<boolean> {
  const operation = start();
  const later = !hasTaken();
  await operation;
  expect(hasTaken()).toBe(true);
  putBack();
  return later;
}

describe.each(Object.keys(tries))("%s that fails", (kind) => {
  test("makes its goroutine spin when that does nothing else [J22]", async () => {
    const attempt = (tries[kind] as (typeof tries)[string])();
    const operation = (operations["Chan.receive"] as () => Operation)();
    let rounds = 0;
    do {
      expect(++rounds).toBeLessThan(maxRounds);
      expect(await attempt()).toBeOneOf([false, undefined]);
    } while (!(await lags(operation)));
    expect(rounds).toBeGreaterThan(8);
  });

  test("makes no goroutine spin that parks in between [J22]", async () => {
    const attempt = (tries[kind] as (typeof tries)[string])();
    const operation = (operations["Chan.receive"] as () => Operation)();
    for (let rounds = 0; rounds < maxRounds; rounds++) {
      await attempt();
      expect(await lags(operation)).toBe(false);
      await park();
    }
  });

  test("does not count as often as it fails in one step [J22]", async () => {
    const attempt = (tries[kind] as (typeof tries)[string])();
    const operation = (operations["Chan.receive"] as () => Operation)();
    for (let i = 0; i < maxRounds; i++) void attempt();
    expect(await lags(operation)).toBe(false);
  });
});

describe.each(Object.keys(operations))("%s of a goroutine that spins", (kind) => {
  test("lets others run before it takes anything, as the two after it do [J22]", async () => {
    const empty = channel(false);
    const operation = (operations[kind] as () => Operation)();
    let rounds = 0;
    do {
      expect(++rounds).toBeLessThan(maxRounds);
      expect(empty.tryReceive()).toBeUndefined();
    } while (!(await lags(operation)));
    const next = [];
    for (let i = 0; i < 100; i++) next.push(await lags(operation));
    expect(next.slice(0, 2)).toEqual([true, true]);
    expect(next.indexOf(true, 2)).toBe(-1);
  });
});

test.each([undefined, ctx])(
  "a loop over a channel takes its value at once, also in a goroutine that spins [J22]",
  async (within) => {
    const [empty, ch] = [channel(false), channel(true)];
    const operation = (operations["Chan.receive"] as () => Operation)();
    const loop = (within === undefined ? ch : ch.range(within))[Symbol.asyncIterator]();
    do empty.tryReceive();
    while (!(await lags(operation)));
    const next = loop.next();
    // Left now, the loop takes no more values.
    const left = loop.return?.();
    expect(ch.length).toBe(0);
    ch.trySend(2);
    expect(await next).toEqual({ value: 1, done: false });
    await left;
    expect(ch.length).toBe(1);
  },
);

test("a send that fails does so at once, also in a goroutine that spins, and is none of the three [J22]", async () => {
  const empty = channel(false);
  const closed = chan<number>();
  closed.close();
  const operation = (operations["Chan.receive"] as () => Operation)();
  do empty.tryReceive();
  while (!(await lags(operation)));
  let failed = false;
  closed.send(1).catch(() => (failed = true));
  await Promise.resolve();
  expect(failed).toBe(true);
  expect([await lags(operation), await lags(operation), await lags(operation)]).toEqual([true, true, false]);
});
