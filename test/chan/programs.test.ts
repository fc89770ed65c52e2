import { chan, type Chan, go, type ReceiveChan, select, send, type SendChan } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("one value passes through a chain of 10,000 goroutines [C32] [Z2]", async () => {
    const leftmost = chan<number>(capacity);
    let right = leftmost;
    for (let i = 0; i < 10_000; i++) {
      const [left, next] = [right, chan<number>(capacity)];
      go(async () => left.send(1 + ((await next.receive()) as number)));
      right = next;
    }
    go(() => right.send(1));
    expect(await leftmost.receive()).toBe(10_001);
  });

  test("a close runs through a chain of 10,000 goroutines [C32] [Z2]", async () => {
    const first = chan<void>(capacity);
    let last: ReceiveChan<void> = first;
    for (let i = 0; i < 10_000; i++) {
      const [before, after] = [last, chan<void>(capacity)];
      go(async () => {
        for await (const _ of before);
        after.close();
      });
      last = after;
    }
    first.close();
    expect(await last.receiveOk()).toEqual([undefined, false]);
  });

  test("a chain of 10,000 selects works as well [C32] [Z2]", { timeout: 60_000 }, async () => {
    const leftmost = chan<number>(capacity);
    const quit = chan<void>();
    let right = leftmost;
    for (let i = 0; i < 10_000; i++) {
      const [left, next] = [right, chan<number>(capacity)];
      go(async () => {
        const op = await select({ next, quit });
        if (op.case === "next" && op.ok) await select({ sent: send(left, op.value + 1), quit });
      });
      right = next;
    }
    go(() => right.send(1));
    expect(await leftmost.receive()).toBe(10_001);
  });

  test("the prime sieve finds the primes [C34]", async () => {
    const quit = chan<void>();
    const pass = async (n: number, to: SendChan<number>): Promise<boolean> =>
      (await select({ sent: send(to, n), quit })).case === "sent";
    let ch = chan<number>(capacity);
    const numbers = ch;
    go(async () => {
      for (let n = 2; await pass(n, numbers); n++);
    });
    const primes: number[] = [];
    for (let i = 0; i < 100; i++) {
      const prime = (await ch.receive()) as number;
      primes.push(prime);
      const [from, to] = [ch, chan<number>(capacity)];
      go(async () => {
        for (;;) {
          const op = await select({ from, quit });
          if (op.case === "quit" || !op.ok) return;
          if (op.value % prime !== 0 && !(await pass(op.value, to))) return;
        }
      });
      ch = to;
    }
    quit.close();
    expect(primes.slice(0, 10)).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
    expect(primes.at(-1)).toBe(541);
  });

  test("a storm of sends, receives and selects on both sides leaves nothing and loses nothing [C39]", async () => {
    const chans = [chan<number>(capacity), chan<number>(capacity), chan<number>(capacity)] as const;
    const perSender = 300;
    const over = chan<void>();
    let sum = 0;
    let count = 0;
    const take = (n: number | undefined): void => {
      if (n === undefined) return;
      sum += n;
      count++;
    };
    const senders: ((n: number) => Promise<unknown>)[] = [
      ...chans.map((ch) => (n: number) => ch.send(n)),
      (n) => select({ a: send(chans[0], n), b: send(chans[1], n) }),
      (n) => select({ a: send(chans[2], n), b: send(chans[1], n), c: send(chans[0], n) }),
    ];
    for (const operation of senders) {
      go(async () => {
        for (let n = 1; n <= perSender; n++) await operation(n);
        await over.send();
      });
    }
    const quit = chan<void>();
    const receiverDone = chan<void>();
    for (let r = 0; r < 5; r++) {
      go(async () => {
        for (;;) {
          const op = await select({ a: chans[r % 3] as Chan<number>, b: chans[(r + 1) % 3] as Chan<number>, quit });
          if (op.case === "quit") break;
          take(op.value);
        }
        await receiverDone.send();
      });
    }
    for (const _ of senders) await over.receive();
    await settle();
    quit.close();
    for (let r = 0; r < 5; r++) await receiverDone.receive();
    expect(count).toBe(senders.length * perSender);
    expect(sum).toBe((senders.length * perSender * (perSender + 1)) / 2);
  });
});

/** A power series as in the Go test powser1: its coefficients come on demand, one for each request. */
interface Series {
  request: Chan<void>;
  coefficient: Chan<number>;
}

describe("power series", () => {
  const quit = { now: chan<void>() };

  const series = (next: () => Promise<number>): Series => {
    const made = { request: chan<void>(), coefficient: chan<number>() };
    const stop = quit.now;
    go(async () => {
      for (;;) {
        if ((await select({ wanted: made.request, stop })).case === "stop") return;
        const coefficient = await next();
        if ((await select({ sent: send(made.coefficient, coefficient), stop })).case === "stop") return;
      }
    });
    return made;
  };
  const get = async ({ request, coefficient }: Series): Promise<number> => {
    const stop = quit.now;
    if ((await select({ sent: send(request, undefined), stop })).case === "stop") return NaN;
    const op = await select({ coefficient, stop });
    return op.case === "coefficient" && op.ok ? op.value : NaN;
  };
  const constant = (n: number): Series => series(async () => n);
  const add = (u: Series, v: Series): Series => series(async () => (await get(u)) + (await get(v)));
  const derive = (u: Series): Series => {
    let n = 0;
    return series(async () => {
      if (n === 0) await get(u);
      return ++n * (await get(u));
    });
  };
  const integrate = (first: number, u: () => Series): Series => {
    let n = 0;
    let of: Series | undefined;
    return series(async () => {
      const c = n === 0 ? first : (await get((of ??= u()))) / n;
      n++;
      return c;
    });
  };
  const exp = (): Series => integrate(1, exp);

  test("networks of goroutines that make them run to the expected coefficients [C34]", async () => {
    quit.now = chan<void>();
    const take = async (u: Series, count: number): Promise<number[]> => {
      const coefficients: number[] = [];
      for (let i = 0; i < count; i++) coefficients.push(await get(u));
      return coefficients;
    };
    expect(await take(constant(1), 5)).toEqual([1, 1, 1, 1, 1]);
    expect(await take(add(constant(1), constant(2)), 5)).toEqual([3, 3, 3, 3, 3]);
    expect(await take(derive(constant(1)), 5)).toEqual([1, 2, 3, 4, 5]);
    expect(await take(exp(), 5)).toEqual([1, 1, 1 / 2, 1 / 6, 1 / 24]);
    expect(await take(derive(exp()), 4)).toEqual([1, 1, 1 / 2, 1 / 6]);
    quit.now.close();
  });
});
