// What native promises cost by themselves, without any channel: the floor of every operation that is awaited.
const n = 1_000_000;
const shared = Promise.resolve();
let sink: unknown;

/**
 * The least that two goroutines need to meet: no queue, as each side has one goroutine, no close, no count that keeps the
 * event loop alive.
 */
class HandOff {
  #value = 0;
  #sender: (() => void) | undefined = undefined;
  #receiver: ((value: number) => void) | undefined = undefined;

  send(value: number): Promise<void> {
    const receiver = this.#receiver;
    if (receiver !== undefined) {
      this.#receiver = undefined;
      receiver(value);
      return shared;
    }
    this.#value = value;
    return new Promise<void>((resolve) => (this.#sender = resolve));
  }

  receive(): Promise<number> {
    const sender = this.#sender;
    if (sender !== undefined) {
      this.#sender = undefined;
      sender();
      return Promise.resolve(this.#value);
    }
    return new Promise<number>((resolve) => (this.#receiver = resolve));
  }
}

async function count(to: HandOff): Promise<void> {
  for (let i = 2; ; i++) await to.send(i);
}

async function filter(from: HandOff, to: HandOff, prime: number): Promise<void> {
  for (;;) {
    const i = await from.receive();
    if (i % prime !== 0) await to.send(i);
  }
}

const primes = 2000;

async function sieve(): Promise<void> {
  let ch = new HandOff();
  void count(ch);
  for (let i = 0; i < primes; i++) {
    const prime = await ch.receive();
    const next = new HandOff();
    void filter(ch, next, prime);
    ch = next;
  }
}

const loops: Record<string, () => Promise<void>> = {
  "await one settled promise that all share: a send that need not wait": async () => {
    for (let i = 0; i < n; i++) await shared;
  },
  "await a new settled promise: a receive that need not wait": async () => {
    for (let i = 0; i < n; i++) sink = await Promise.resolve(i);
  },
  "both, by two in turn: a buffered stream without a channel": async () => {
    const sender = (async () => {
      for (let i = 0; i < n; i++) await shared;
    })();
    for (let i = 0; i < n; i++) sink = await Promise.resolve(i);
    await sender;
  },
  "await a new settled promise of a new result object: a select that need not wait": async () => {
    for (let i = 0; i < n; i++) sink = await Promise.resolve({ case: "a", value: i, ok: true });
  },
  "a promise that somebody else resolves: an operation that waits": async () => {
    let wake: (value: number) => void = () => undefined;
    const park = (): Promise<number> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    const waiter = (async () => {
      for (let i = 0; i < n; i++) sink = await park();
    })();
    for (let i = 0; i < n; i++) {
      await shared;
      wake(i);
    }
    await waiter;
  },
  "a new result object in each step of a for await, and a sender: a buffered stream with for await": async () => {
    let i = 0;
    const steps = {
      next: (): Promise<IteratorResult<number>> => Promise.resolve({ value: i, done: i++ === n }),
      [Symbol.asyncIterator]: () => steps,
    };
    const sender = (async () => {
      for (let j = 0; j < n; j++) await shared;
    })();
    for await (const value of steps) sink = value;
    await sender;
  },
  "an unbuffered stream, over a bare hand-off": async () => {
    const handOff = new HandOff();
    const sender = (async () => {
      for (let i = 0; i < n; i++) await handOff.send(i);
    })();
    for (let i = 0; i < n; i++) sink = await handOff.receive();
    await sender;
  },
  "a ping-pong, over two of them, per round trip": async () => {
    const ping = new HandOff();
    const pong = new HandOff();
    const other = (async () => {
      for (let i = 0; i < n; i++) await pong.send((await ping.receive()) + 1);
    })();
    for (let i = 0; i < n; i++) {
      await ping.send(i);
      sink = await pong.receive();
    }
    await other;
  },
  "a ring of 128 between two loops, no promise until it is full or empty: a buffered stream with try": async () => {
    const ring: (number | undefined)[] = Array.from({ length: 128 });
    let [head, count] = [0, 0];
    let [wakeReader, wakeWriter] = [(): void => undefined, (): void => undefined];
    const put = (value: number): boolean => {
      if (count === ring.length) return false;
      ring[(head + count++) & 127] = value;
      return true;
    };
    const take = (): { value: number | undefined; ok: boolean } | undefined => {
      if (count === 0) return undefined;
      const value = ring[head];
      ring[head] = undefined;
      head = (head + 1) & 127;
      count--;
      return { value, ok: true };
    };
    const writer = (async () => {
      for (let i = 0; i < n; i++) {
        while (!put(i)) {
          wakeReader();
          await new Promise<void>((resolve) => (wakeWriter = resolve));
        }
      }
      wakeReader();
    })();
    for (let i = 0; i < n; i++) {
      let got = take();
      while (got === undefined) {
        wakeWriter();
        await new Promise<void>((resolve) => (wakeReader = resolve));
        got = take();
      }
      sink = got.value;
    }
    await writer;
  },
  "a look at the monotonic clock": async () => {
    for (let i = 0; i < n; i++) sink = performance.now();
  },
  "a look at the wall clock": async () => {
    for (let i = 0; i < n; i++) sink = Date.now();
  },
};

/** Returns the best of several times, in nanoseconds per operation. */
async function best(rounds: number, operations: number, loop: () => Promise<void> | void): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await loop();
    least = Math.min(least, ((performance.now() - start) / operations) * 1e6);
  }
  return least;
}

const times: [what: string, nanoseconds: number][] = [];
for (const [what, loop] of Object.entries(loops)) times.push([what, await best(7, n, loop)]);
// Last: its goroutines never end.
times.push(["a sieve to the 2000th prime, over bare hand-offs, per prime", await best(3, primes, sieve)]);
process.stdout.write(JSON.stringify({ times, sink: typeof sink }), () => process.exit(0));
