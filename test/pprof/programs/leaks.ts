// Goroutines that nobody can reach, each planted in another way, beside others that look like them. Prints which the
// profile goroutineleak has, by the lines on which they were started.
import { readFileSync } from "node:fs";
import { type Chan, chan, go, select, sync, time } from "gocsp";
import * as pprof from "gocsp/pprof";

using _ = pprof.watchLeaks();

function plant(): void {
  go(() => chan<number>().receive()); // a channel
  go(async () => void (await select({ a: chan(), b: chan() }))); // a select
  const mu = new sync.Mutex();
  mu.tryLock();
  go(() => mu.lock()); // a lock
  const [a, b] = [chan(), chan()];
  const follow = async (x: Chan<unknown>, y: Chan<unknown>): Promise<void> => {
    await x.receive();
    y.close();
  };
  go(follow, a, b); // a cycle
  go(follow, b, a); // a cycle
  go(async () => void (await new Promise(() => undefined))); // a promise
}

// Not leaked: somebody holds what they wait for, or will wake them.
const held = chan<number>();
go(() => held.receive());
const lock = new sync.Mutex();
lock.tryLock();
go(async () => {
  using _1 = await lock.lock();
});
go(async () => {
  await time.sleep(time.hour);
});
const timer = time.newTimer(time.hour);
go(() => timer.c.receive());
go(async () => {
  const inner = chan<number>();
  const timeout = setTimeout(() => inner.trySend(1), time.hour);
  await inner.receive();
  clearTimeout(timeout);
});

const leaks = async (): Promise<readonly pprof.ProfileSample[]> =>
  (await pprof.lookup("goroutineleak")?.samples()) ?? [];
const early = (await leaks()).length;
plant();
const lines = readFileSync(import.meta.filename, "utf8").split("\n");
let leaked: string[] = [];
// What was parked lately is held for some turns.
for (let round = 0; round < 50 && leaked.length < 6; round++) {
  leaked = (await leaks()).flatMap(({ frames, values }) => {
    const line = Number(/:(\d+):\d+$/.exec(frames[0]?.at ?? "")?.[1]);
    const name = /\/\/ (.*)$/.exec(lines[line - 1] ?? "")?.[1] ?? `line ${line}`;
    return Array.from({ length: values[0] ?? 0 }, () => name);
  });
}
console.log(JSON.stringify({ early, leaked: leaked.sort() }));
process.exit(held.length + (lock.tryLock() ? 1 : 0) + (timer.stop() ? 0 : 1));
