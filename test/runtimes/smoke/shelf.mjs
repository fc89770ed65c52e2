// sync, errgroup, semaphore, singleflight, rate and signal.
import { chan, context, gosched, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as rate from "gocsp/rate";
import * as semaphore from "gocsp/semaphore";
import * as signal from "gocsp/signal";
import * as singleflight from "gocsp/singleflight";
import { check, equal } from "./check.mjs";

await check("a mutex and a WaitGroup", async () => {
  const mu = new sync.Mutex();
  const wg = new sync.WaitGroup();
  let total = 0;
  for (let i = 0; i < 10; i++) {
    wg.go(async () => {
      const locked = await mu.lock();
      const before = total;
      await gosched();
      total = before + 1;
      locked[Symbol.dispose]();
    });
  }
  await wg.wait();
  equal(total, 10);
});

await check("a waiting writer keeps new readers out", async () => {
  const mu = new sync.RWMutex();
  await mu.rLock();
  const writer = mu.lock();
  equal(mu.tryRLock(), false);
  mu.rUnlock();
  await writer;
  mu.unlock();
});

await check("lock(ctx) gives up", async () => {
  const mu = new sync.Mutex();
  await mu.lock();
  const [ctx, cancel] = context.withTimeout(context.background(), 5);
  const error = await mu.lock(ctx).catch((thrown) => thrown);
  equal(error, context.deadlineExceeded);
  cancel();
});

await check("the first error of a group is the cause of its context", async () => {
  const [group, ctx] = errgroup.withContext(context.background());
  group.setLimit(2);
  const failed = new Error("page 3");
  for (let page = 1; page <= 5; page++) {
    await group.go(async () => {
      await time.sleep(1);
      if (page === 3) throw failed;
    });
  }
  equal(await group.wait().catch((thrown) => thrown), failed);
  equal(context.cause(ctx), failed);
});

await check("a semaphore serves in order", async () => {
  const tokens = new semaphore.Weighted(2);
  await tokens.acquire(context.background(), 2);
  const big = tokens.acquire(context.background(), 2);
  equal(tokens.tryAcquire(0), false);
  tokens.release(2);
  await big;
  tokens.release(2);
});

await check("duplicate calls in flight become one", async () => {
  const flights = new singleflight.Group();
  let calls = 0;
  const load = async () => {
    await gosched();
    return ++calls;
  };
  const [[first, shared], [second]] = await Promise.all([flights.do("key", load), flights.do("key", load)]);
  equal(first, 1);
  equal(second, 1);
  equal(shared, true);
});

await check("a limiter has its burst and no more", () => {
  const limiter = new rate.Limiter(rate.every(time.hour), 2);
  equal(limiter.allow(), true);
  equal(limiter.allow(), true);
  equal(limiter.allow(), false);
});

await check("signals are refused where there are none", () => {
  const signals = chan(1);
  let refusal;
  try {
    signal.notify(signals, "SIGTERM");
  } catch (error) {
    refusal = error.message;
  }
  signal.stop(signals);
  equal(refusal, typeof process === "undefined" ? "signal: there are no signals on this platform" : undefined);
});
