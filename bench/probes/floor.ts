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
