// The problems of test/explore/compare.ts as tests with Effect's TestClock. Each fails if its order of fibers shows the bug.
import { Effect, Fiber, Queue, Semaphore } from "effect";
import { TestClock } from "effect/testing";

const { gen, all, die, forkChild, provide, runPromise, sleep, timeoutOption, yieldNow } = Effect;

const problems: readonly Effect.Effect<unknown>[] = [
  // begin TestClock 1
  gen(function* () {
    let balance = 100;
    const withdraw = (amount: number): Effect.Effect<void> =>
      gen(function* () {
        if (balance < amount) return;
        yield* yieldNow;
        balance -= amount;
      });
    yield* all([withdraw(80), withdraw(80)], { concurrency: "unbounded" });
    if (balance < 0) yield* die(new Error("overdrawn"));
  }),
  // end
  // begin TestClock 2
  gen(function* () {
    const [a, b] = [Semaphore.makeUnsafe(1), Semaphore.makeUnsafe(1)];
    const both = (x: Semaphore.Semaphore, y: Semaphore.Semaphore): Effect.Effect<void> =>
      x.withPermits(1)(y.withPermits(1)(sleep(1)));
    const fiber = yield* forkChild(all([both(a, b), both(b, a)], { concurrency: "unbounded" }));
    yield* TestClock.adjust("1 hour");
    if (fiber.pollUnsafe() === undefined) yield* die(new Error("deadlock"));
  }),
  // end
  // begin TestClock 3
  gen(function* () {
    const answer = yield* Queue.bounded<number>(0);
    const sender = yield* forkChild(
      gen(function* () {
        yield* sleep(900);
        yield* Queue.offer(answer, 1);
      }),
    );
    const asked = yield* forkChild(timeoutOption(Queue.take(answer), 1000));
    yield* TestClock.adjust(1000);
    yield* Fiber.join(asked);
    if (sender.pollUnsafe() === undefined) yield* die(new Error("a sender is left"));
  }),
  // end
];

/** Tells for each problem in how many of `times` runs its test fails. */
export async function failures(times: number): Promise<number[]> {
  const found: number[] = [];
  for (const problem of problems) {
    let failed = 0;
    for (let i = 0; i < times; i++) {
      await runPromise(provide(problem, TestClock.layer())).catch(() => failed++);
    }
    found.push(failed);
  }
  return found;
}
