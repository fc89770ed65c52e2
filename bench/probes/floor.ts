// What native promises cost by themselves, without any channel: the floor of every operation that is awaited.
const n = 2_000_000;
const shared = Promise.resolve();
let sink: unknown;

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
  "a look at the clock": async () => {
    for (let i = 0; i < n; i++) sink = performance.now();
  },
};

const times: [what: string, nanoseconds: number][] = [];
for (const [what, loop] of Object.entries(loops)) {
  let best = Infinity;
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    await loop();
    best = Math.min(best, ((performance.now() - start) / n) * 1e6);
  }
  times.push([what, best]);
}
console.log(JSON.stringify({ times, sink: typeof sink }));
