// Goroutines that take one fork, try to take a second, and release the first if that fails: in a fixed order they would
// repeat the same interleaving without end.
import { chan, context, go, gosched, select, selectList, selector, send, sync, time } from "gocsp";
import { seed } from "gocsp/runtime";
import { Weighted } from "gocsp/semaphore";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

/** A thing that one goroutine at a time can hold. */
interface Fork {
  take(): Promise<unknown>;
  tryTake(): boolean;
  putBack(): void;
}

const forks: Record<string, () => Fork> = {
  mutex: () => {
    const mu = new sync.Mutex();
    return { take: () => mu.lock(), tryTake: () => mu.tryLock(), putBack: () => mu.unlock() };
  },
  "mutex, with a context": () => {
    const mu = new sync.Mutex();
    return { take: () => mu.lock(context.background()), tryTake: () => mu.tryLock(), putBack: () => mu.unlock() };
  },
  RWMutex: () => {
    const mu = new sync.RWMutex();
    return { take: () => mu.lock(), tryTake: () => mu.tryLock(), putBack: () => mu.unlock() };
  },
  semaphore: () => {
    const tokens = new Weighted(1);
    return {
      take: () => tokens.acquire(context.background()),
      tryTake: () => tokens.tryAcquire(),
      putBack: () => tokens.release(),
    };
  },
  "channel that holds the fork": () => {
    const ch = chan<string>(1);
    ch.trySend("fork");
    return {
      take: () => ch.receive(),
      tryTake: () => ch.tryReceive() !== undefined,
      putBack: () => ch.trySend("fork"),
    };
  },
  "channel that holds the fork, with a context": () => {
    const ch = chan<string>(1);
    ch.trySend("fork");
    const [ctx] = context.withCancel(context.background());
    return {
      take: () => ch.receiveOk(ctx),
      tryTake: () => ch.tryReceive() !== undefined,
      putBack: () => ch.trySend("fork"),
    };
  },
  "channel that holds the holder": () => {
    const ch = chan<string>(1);
    return { take: () => ch.send("me"), tryTake: () => ch.trySend("me"), putBack: () => ch.tryReceive() };
  },
  select: () => {
    const ch = chan<string>(1);
    ch.trySend("fork");
    return {
      take: () => select({ ch }),
      tryTake: () => ch.tryReceive() !== undefined,
      putBack: () => ch.trySend("fork"),
    };
  },
};

/** How a goroutine lets others run before it tries again. */
const pauses: Record<string, () => Promise<void> | undefined> = {
  gosched,
  "time.sleep(0)": () => time.sleep(0),
  nothing: () => undefined,
};

/** Far more steps than a run that ends takes, which is about thirty thousand. */
const maxTries = 2_000_000;

/** Lets `n` goroutines eat ten times each, with `yields` calls of gosched at each meal, and returns the order of the meals. */
async function dine(
  fork: () => Fork,
  pause: () => Promise<void> | undefined,
  n: number,
  yields: number,
): Promise<string> {
  const table = Array.from({ length: n }, fork);
  const wg = new sync.WaitGroup();
  let tries = 0;
  let meals = "";
  const eat = async (left: Fork, right: Fork): Promise<void> => {
    for (;;) {
      if (++tries > maxTries) throw new Error(`${meals.length} meals after ${maxTries} tries`);
      await left.take();
      const both = right.tryTake();
      if (both) {
        for (let i = 0; i < yields; i++) await gosched();
        right.putBack();
      }
      left.putBack();
      if (both) return;
      await pause();
    }
  };
  for (let p = 0; p < n; p++) {
    wg.go(async () => {
      for (let meal = 0; meal < 10; meal++) {
        await eat(table[p] as Fork, table[(p + 1) % n] as Fork);
        meals += p;
      }
    });
  }
  await wg.wait();
  return meals;
}

describe.each(Object.keys(forks))("dining with a %s", (kind) => {
  test.each(Object.keys(pauses))("ends, with %s between two tries [J22]", async (pause) => {
    for (const value of [1, 2, 3]) {
      for (let n = 2; n <= 5; n++) {
        for (let yields = 0; yields <= 7; yields++) {
          seed(value);
          const meals = await dine(forks[kind] as () => Fork, pauses[pause] as () => undefined, n, yields);
          expect(meals.length, `${n} goroutines, ${yields} yields, seed ${value}`).toBe(10 * n);
        }
      }
    }
  });
});

// The fork is free only within a step: whoever looks at another moment finds it taken.
describe.each(Object.keys(forks))("a %s that is put back and taken again in one step", (kind) => {
  test.each(["gosched", "an operation of its own", "nothing"])(
    "is found free, with %s while it is held [J22]",
    async (how) => {
      for (const value of [1, 2, 3]) {
        seed(value);
        const [left, right] = [(forks[kind] as () => Fork)(), (forks[kind] as () => Fork)()];
        let tries = 0;
        const eat = async (mine: Fork, other: Fork): Promise<void> => {
          const own = (forks[kind] as () => Fork)();
          await mine.take();
          while (!other.tryTake()) {
            if (++tries > maxTries) throw new Error(`nothing after ${maxTries} tries`);
            if (how === "gosched") await gosched();
            if (how === "an operation of its own") {
              await own.take();
              own.putBack();
            }
            mine.putBack();
            await mine.take();
          }
          other.putBack();
          mine.putBack();
        };
        const wg = new sync.WaitGroup();
        wg.go(eat, left, right);
        wg.go(eat, right, left);
        await wg.wait();
      }
    },
  );
});

test("a select with a default that releases at once and tries again ends [J22]", async () => {
  const left = chan<void>(1);
  const right = chan<void>(1);
  let tries = 0;
  const meal = async (first: typeof left, second: typeof left): Promise<void> => {
    for (;;) {
      expect(++tries).toBeLessThan(maxTries);
      await first.send();
      const got = await select({ second: send(second, undefined), default: true });
      if (got.case !== "default") second.tryReceive();
      await first.receive();
      if (got.case !== "default") return;
    }
  };
  const wg = new sync.WaitGroup();
  wg.go(meal, left, right);
  wg.go(meal, right, left);
  await wg.wait();
});

test("two that are polite to each other end [J22]", async () => {
  const hungry = [true, true];
  const wg = new sync.WaitGroup();
  let rounds = 0;
  for (const me of [0, 1]) {
    wg.go(async () => {
      while (hungry[1 - me] === true && ++rounds < maxTries) {
        hungry[me] = false;
        await gosched();
        hungry[me] = true;
        await gosched();
      }
      hungry[me] = false;
    });
  }
  await wg.wait();
  expect(rounds).toBeLessThan(maxTries);
});

/** Works without a pause until goroutines owe the event loop a turn. */
function oweTurn(): void {
  const ch = chan<number>(1);
  const start = performance.now();
  while (performance.now() - start < 2) {
    ch.trySend(1);
    ch.tryReceive();
  }
}

/** The order in which three goroutines run that only yield. */
async function order(value: number, owing: boolean): Promise<string> {
  let ran = "";
  const wg = new sync.WaitGroup();
  const all = chan<never>();
  for (const name of "abc") {
    wg.go(async () => {
      await all.receive();
      for (let i = 0; i < 100; i++) {
        ran += name;
        // The clock decides when the event loop turns, but not which goroutine is next.
        if (owing && i % 10 === 5) oweTurn();
        await gosched();
      }
    });
  }
  // Whether a turn comes between the starts is up to the clock.
  await time.sleep(1);
  seed(value);
  all.close();
  await wg.wait();
  return ran;
}

test("the order in which goroutines run is not a fixed cycle, and the seed decides it [J22] [J18]", async () => {
  const runs = new Set<string>();
  for (let value = 0; value < 20; value++) {
    const first = await order(value, false);
    expect(await order(value, false)).toBe(first);
    expect(await order(value, true)).toBe(first);
    runs.add(first);
  }
  expect(runs.size).toBe(20);
  // Each loses its place now and then, and regains it: none runs far ahead.
  for (const ran of runs) {
    const counts = { a: 0, b: 0, c: 0 };
    for (const name of ran.slice(0, 150) as Iterable<"a" | "b" | "c">) counts[name]++;
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(30);
  }
});

test("a failed try does not delay the next operation, unless all goroutines only try [J22]", async () => {
  for (let i = 0; i < 200; i++) {
    const ch = chan<number>();
    expect(ch.trySend(1)).toBe(false);
    const received = ch.receive();
    expect(ch.trySend(2)).toBe(true);
    expect(await received).toBe(2);
  }
});

test("waiters are served in their order, however many tries fail meanwhile [J22]", async () => {
  const mu = new sync.Mutex();
  await mu.lock();
  const got: number[] = [];
  for (let i = 0; i < 50; i++) {
    go(async () => {
      await mu.lock();
      got.push(i);
      await gosched();
      mu.unlock();
    });
  }
  go(async () => {
    while (got.length < 50) {
      expect(mu.tryLock()).toBe(false);
      await gosched();
    }
  });
  for (let i = 0; i < 100; i++) await gosched();
  mu.unlock();
  while (got.length < 50) await gosched();
  expect(got).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

/** Operations that park, and what makes them resume. Each is called by a program whose tries fail. */
const parking: Record<string, () => [operation: Promise<unknown>, release: () => boolean]> = {
  receive: () => {
    const ch = chan<number>();
    return [ch.receive(), () => ch.trySend(1)];
  },
  "receive with a context": () => {
    const ch = chan<number>();
    const [ctx] = context.withCancel(context.background());
    return [ch.receive(ctx), () => ch.trySend(1)];
  },
  receiveOk: () => {
    const ch = chan<number>();
    return [ch.receiveOk(), () => ch.trySend(1)];
  },
  send: () => {
    const ch = chan<number>();
    return [ch.send(1), () => ch.tryReceive() !== undefined];
  },
  "send with a context": () => {
    const ch = chan<number>();
    const [ctx] = context.withCancel(context.background());
    return [ch.send(1, ctx), () => ch.tryReceive() !== undefined];
  },
  select: () => {
    const ch = chan<number>();
    return [select({ ch }), () => ch.trySend(1)];
  },
  "select over a list": () => {
    const ch = chan<number>();
    return [selectList([ch]), () => ch.trySend(1)];
  },
  Selector: () => {
    const ch = chan<number>();
    return [selector({ ch }).select(), () => ch.trySend(1)];
  },
};

test.each(Object.keys(parking))("%s parks at once, whatever tries failed in the same step [J22]", async (kind) => {
  const full = chan<number>();
  for (let round = 0; round < 100; round++) {
    for (let i = 0; i < 1000; i++) full.trySend(i);
    const [operation, release] = (parking[kind] as (typeof parking)[string])();
    expect(release(), `round ${round}`).toBe(true);
    await operation;
  }
});
