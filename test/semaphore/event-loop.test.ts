import { context } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as rate from "gocsp/rate";
import * as semaphore from "gocsp/semaphore";
import * as singleflight from "gocsp/singleflight";
import { expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

const background = context.background();
const [ended, cancel] = context.withCancel(background);
cancel();

const sem = new semaphore.Weighted(1);
const group = new errgroup.Group();
const limited = new errgroup.Group();
limited.setLimit(1);
const flights = new singleflight.Group<number>();
const unlimited = new rate.Limiter(rate.inf, 1);
const limiter = new rate.Limiter(1, 1);

const failing = (f: () => Promise<unknown>) => () => f().catch(() => undefined);

const operations: [name: string, operation: () => unknown][] = [
  ["semaphore.acquire", () => sem.acquire(background, 1).then(() => sem.release(1))],
  ["semaphore.acquire that fails", failing(() => sem.acquire(ended, 1))],
  ["group.go", () => group.go(() => undefined)],
  ["group.go under a limit", () => limited.go(() => undefined)],
  ["group.wait", () => new errgroup.Group().wait()],
  ["singleflight's do", () => flights.do("key", () => 1)],
  ["singleflight's doChan", () => flights.doChan("key", () => 1).receive()],
  ["limiter.wait", () => unlimited.wait(background)],
  ["limiter.wait for more than the burst", failing(() => limiter.waitN(background, 2))],
  ["limiter.wait with an ended context", failing(() => limiter.wait(ended))],
];

test.each(operations)("a loop of %s lets timers and sockets have their turn [J12]", async (_, operation) => {
  const seen = { turn: false };
  setImmediate(() => (seen.turn = true));
  const patience = performance.now() + 1000;
  while (!seen.turn && performance.now() < patience) await operation();
  expect(seen.turn).toBe(true);
  await group.wait();
  await limited.wait();
});
