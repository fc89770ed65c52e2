import { Effect, Fiber, Queue, Semaphore } from "effect";
import type { Runs } from "../harness/subject.ts";

const { runPromise, gen, forkDetach } = Effect;

export const runs: Runs = {
  pingpong: (n) =>
    runPromise(
      gen(function* () {
        const ping = yield* Queue.bounded<number>(1);
        const pong = yield* Queue.bounded<number>(1);
        yield* forkDetach(
          gen(function* () {
            for (let i = 0; i < n; i++) yield* Queue.offer(pong, (yield* Queue.take(ping)) + 1);
          }),
        );
        let sum = 0;
        for (let i = 0; i < n; i++) {
          yield* Queue.offer(ping, i);
          sum += yield* Queue.take(pong);
        }
        return sum;
      }),
    ),

  stream0: (n) => runPromise(stream(1, n)),
  stream128: (n) => runPromise(stream(128, n)),

  "select-ready": (n) =>
    runPromise(
      gen(function* () {
        const ready = yield* Queue.bounded<number>(1000);
        const never = yield* Queue.bounded<number>(1);
        let sum = 0;
        for (let i = 0; i < n; i += 1000) {
          for (let j = 0; j < 1000; j++) Queue.offerUnsafe(ready, i + j);
          for (let j = 0; j < 1000; j++) sum += yield* Effect.raceFirst(Queue.take(ready), Queue.take(never));
        }
        return sum;
      }),
    ),

  "select-blocked": (n) =>
    runPromise(
      gen(function* () {
        const ping = yield* Queue.bounded<number>(1);
        const pong = yield* Queue.bounded<number>(1);
        const never = yield* Queue.bounded<number>(1);
        yield* forkDetach(
          gen(function* () {
            for (let i = 0; i < n; i += 2) {
              yield* Queue.offer(pong, (yield* Effect.raceFirst(Queue.take(ping), Queue.take(never))) + 1);
            }
          }),
        );
        let sum = 0;
        for (let i = 0; i < n; i += 2) {
          yield* Queue.offer(ping, i);
          sum += i + (yield* Effect.raceFirst(Queue.take(pong), Queue.take(never)));
        }
        return sum;
      }),
    ),

  fanin: (n) =>
    runPromise(
      gen(function* () {
        const queue = yield* Queue.bounded<number>(1);
        for (let sender = 0; sender < 100; sender++) {
          yield* forkDetach(
            gen(function* () {
              for (let i = sender; i < n; i += 100) yield* Queue.offer(queue, i);
            }),
          );
        }
        return yield* receiveAll(queue, n);
      }),
    ),

  sieve: (n) =>
    runPromise(
      gen(function* () {
        let queue = yield* Queue.bounded<number>(1);
        yield* forkDetach(count(queue));
        for (let i = 1; ; i++) {
          const prime = yield* Queue.take(queue);
          if (i === n) return prime;
          const next = yield* Queue.bounded<number>(1);
          yield* forkDetach(filter(queue, next, prime));
          queue = next;
        }
      }),
    ),

  newchan: (n) =>
    runPromise(
      gen(function* () {
        let made = 0;
        for (let i = 0; i < n; i++) if (typeof (yield* Queue.bounded<number>(1)) === "object") made++;
        return made;
      }),
    ),

  spawn: (n) =>
    runPromise(
      gen(function* () {
        let ended = 0;
        const body = gen(function* () {
          yield* Effect.sync(() => ended++);
        });
        for (let i = 0; i < n; i += 1000) {
          const fibers: Fiber.Fiber<void>[] = [];
          for (let j = 0; j < 1000; j++) fibers.push(yield* forkDetach(body));
          yield* Fiber.joinAll(fibers);
        }
        return ended;
      }),
    ),

  mutex: (n) =>
    runPromise(
      gen(function* () {
        const withLock = Semaphore.makeUnsafe(1).withPermits(1);
        let locked = 0;
        const body = Effect.sync(() => locked++);
        for (let i = 0; i < n; i++) yield* withLock(body);
        return locked;
      }),
    ),

  "mutex-contended": (n) => runPromise(contended(1, n)),

  errgroup: (n) =>
    runPromise(
      gen(function* () {
        let done = 0;
        const task = gen(function* () {
          yield* Effect.yieldNow;
          done++;
        });
        const thousand = Array.from({ length: 1000 }, (_, i) => i);
        for (let i = 0; i < n; i += 1000) {
          yield* Effect.forEach(thousand, () => task, { concurrency: 8, discard: true });
        }
        return done;
      }),
    ),

  semaphore: (n) =>
    runPromise(
      gen(function* () {
        const withToken = Semaphore.makeUnsafe(4).withPermits(1);
        let held = 0;
        const body = Effect.sync(() => held++);
        for (let i = 0; i < n; i++) yield* withToken(body);
        return held;
      }),
    ),

  "semaphore-contended": (n) => runPromise(contended(2, n)),
};

function stream(capacity: number, n: number): Effect.Effect<number> {
  return gen(function* () {
    const queue = yield* Queue.bounded<number>(capacity);
    yield* forkDetach(
      gen(function* () {
        for (let i = 0; i < n; i++) yield* Queue.offer(queue, i);
      }),
    );
    return yield* receiveAll(queue, n);
  });
}

function receiveAll(queue: Queue.Queue<number>, n: number): Effect.Effect<number> {
  return gen(function* () {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += yield* Queue.take(queue);
    return sum;
  });
}

function count(queue: Queue.Queue<number>): Effect.Effect<void> {
  return gen(function* () {
    for (let i = 2; ; i++) yield* Queue.offer(queue, i);
  });
}

function filter(from: Queue.Queue<number>, to: Queue.Queue<number>, prime: number): Effect.Effect<void> {
  return gen(function* () {
    for (;;) {
      const i = yield* Queue.take(from);
      if (i % prime !== 0) yield* Queue.offer(to, i);
    }
  });
}

function contended(permits: number, n: number): Effect.Effect<number> {
  return gen(function* () {
    const withPermit = Semaphore.makeUnsafe(permits).withPermits(1);
    let held = 0;
    const step = withPermit(
      gen(function* () {
        yield* Effect.yieldNow;
        held++;
      }),
    );
    const body = gen(function* () {
      for (let i = 0; i < n; i += 10) yield* step;
    });
    const ten = Array.from({ length: 10 }, (_, i) => i);
    yield* Effect.forEach(ten, () => body, { concurrency: "unbounded", discard: true });
    return held;
  });
}
