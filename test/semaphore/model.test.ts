import fc from "fast-check";
import { type CancelFunc, context } from "gocsp";
import * as semaphore from "gocsp/semaphore";
import { expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow, type Outcome } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

/** A request in the model: it waits, has its tokens, or has failed. */
interface Request {
  readonly n: number;
  state: Outcome<void>["state"];
}

/** A model of the semaphore in its simplest form: a number and a list. */
class Model {
  readonly size: number;
  taken = 0;
  readonly queue: Request[] = [];

  constructor(size: number) {
    this.size = size;
  }

  acquire(n: number): Request {
    const request: Request = { n, state: "waits" };
    if (this.tryAcquire(n)) request.state = "returned";
    else if (n <= this.size) this.queue.push(request);
    return request;
  }

  tryAcquire(n: number): boolean {
    if (this.queue.length > 0 || this.taken + n > this.size) return false;
    this.taken += n;
    return true;
  }

  release(n: number): void {
    this.taken -= n;
    this.#admit();
  }

  cancel(request: Request): void {
    if (request.state !== "waits") return;
    request.state = "threw";
    const at = this.queue.indexOf(request);
    if (at >= 0) this.queue.splice(at, 1);
    this.#admit();
  }

  #admit(): void {
    for (let [next] = this.queue; next !== undefined && this.taken + next.n <= this.size; [next] = this.queue) {
      this.queue.shift();
      this.taken += next.n;
      next.state = "returned";
    }
  }
}

const small = fc.integer({ min: 0, max: 6 });
const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("acquire" as const), n: small, ended: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("try" as const), n: small }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("release" as const), at: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("cancel" as const), at: fc.nat() }) },
);

test("random requests, ends and releases go as the model says [M1] [M2] [M4] [M7] [M9] [M10] [M11]", async () => {
  const runs = fc.array(operation, { minLength: 1, maxLength: 40, size: "max" });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 5 }), runs, async (size, operations) => {
      const model = new Model(size);
      const sem = new semaphore.Weighted(size);
      const requests: { model: Request; real: Outcome<void>; cancel: CancelFunc }[] = [];
      /** The tokens that were taken and can be released. */
      const held: number[] = [];
      const waiting = () => requests.filter((request) => request.model.state === "waits");

      for (const op of operations) {
        if (op.do === "acquire") {
          const [ctx, cancel] = context.withCancel(context.background());
          const ended = op.ended && requests.length % 4 === 0;
          if (ended) cancel();
          const real = follow(sem.acquire(ctx, op.n));
          requests.push({ model: ended ? { n: op.n, state: "threw" } : model.acquire(op.n), real, cancel });
        } else if (op.do === "try") {
          const took = model.tryAcquire(op.n);
          expect(sem.tryAcquire(op.n)).toBe(took);
          if (took) held.push(op.n);
        } else if (op.do === "release") {
          const granted = requests.filter((request) => request.model.state === "returned");
          const [chosen] = held.length > 0 ? held.splice(op.at % held.length, 1) : [];
          const request = chosen === undefined ? granted[op.at % granted.length] : undefined;
          const n = chosen ?? request?.model.n;
          if (n === undefined) continue;
          if (request !== undefined) requests.splice(requests.indexOf(request), 1);
          model.release(n);
          sem.release(n);
        } else if (waiting().length > 0) {
          const request = waiting()[op.at % waiting().length];
          if (request !== undefined) model.cancel(request.model);
          request?.cancel();
        }
        await settle();
        expect(requests.map((request) => request.real.state)).toEqual(requests.map((request) => request.model.state));
      }

      for (const request of requests) {
        if (request.model.state === "waits") request.cancel();
        else if (request.model.state === "returned") sem.release(request.model.n);
      }
      for (const n of held) sem.release(n);
      await settle();
      for (const request of waiting()) {
        if (request.real.state === "returned") sem.release(request.model.n);
      }
      expect([sem.tryAcquire(size), sem.tryAcquire(1)]).toEqual([true, false]);
    }),
    { numRuns: 400 },
  );
});
