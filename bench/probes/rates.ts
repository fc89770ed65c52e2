// How fast explorations and bubbles are, in the runtime that runs this. Prints one line of JSON. What counts is
// processor time, where the runtime tells it, because other programs on the machine disturb it least.
import { chan, go, gosched, sync } from "gocsp";
import { explore } from "gocsp/explore";
import * as synctest from "gocsp/synctest";

const { process } = globalThis as { process?: { cpuUsage(): { user: number; system: number } } };

function clock(): number {
  if (process === undefined) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function median(measure: () => Promise<number>): Promise<number> {
  await measure();
  const found: number[] = [];
  for (let i = 0; i < 3; i++) found.push(await measure());
  return found.sort((a, b) => a - b)[1] as number;
}

async function perSecond(f: () => Promise<number>): Promise<number> {
  const start = clock();
  const n = await f();
  return (n / (clock() - start)) * 1000;
}

/** Two goroutines send n values back and forth: two steps each at least. */
async function pingPong(n: number): Promise<void> {
  const [ping, pong] = [chan<number>(), chan<number>()];
  go(async () => {
    for (let i = 0; i < n; i++) await pong.send((await ping.receive()) as number);
  });
  for (let i = 0; i < n; i++) {
    await ping.send(i);
    await pong.receive();
  }
}

async function lostUpdate(): Promise<void> {
  let n = 0;
  const mu = new sync.Mutex();
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 2; i++) {
    wg.go(async () => {
      // Not every runtime of these knows "using".
      await mu.lock();
      const seen = n;
      await gosched();
      n = seen + 1;
      mu.unlock();
    });
  }
  await wg.wait();
}

// Fewer would measure the compiler.
const runs = 20_000;
const schedules = await median(() =>
  perSecond(async () => (await explore(lostUpdate, { runs, seed: 1, strategy: "random" })).runs),
);
const trips = 5000;
const steps = await median(() =>
  perSecond(
    async () =>
      (await explore(() => pingPong(trips), { runs: 1, seed: 1, strategy: "random", maxSteps: 10 * trips })).steps,
  ),
);
const bubble = await median(() =>
  perSecond(async () => {
    await synctest.test(() => pingPong(trips));
    return 4 * trips;
  }),
);

console.log(JSON.stringify({ schedules, steps, bubble }));
