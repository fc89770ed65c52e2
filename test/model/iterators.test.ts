import fc from "fast-check";
import { chan, type Chan, context } from "gocsp";
import { expect, test } from "vitest";
import { settle } from "../support/settle.ts";

// Iterators, plain receives and sends over one channel, against a model of its queue: a list of waiters.

type Step =
  | { readonly do: "next" | "return" | "throw"; readonly iterator: number }
  | { readonly do: "send" | "receive" | "close" | "settle" }
  | { readonly do: "cancel"; readonly context: number };

const iterators = 4;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant("next" as const), iterator: fc.nat({ max: iterators - 1 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("return" as const, "throw"), iterator: fc.nat({ max: iterators - 1 }) }),
  },
  { weight: 12, arbitrary: fc.record({ do: fc.constantFrom("send" as const, "receive") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("settle" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), context: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const) }) },
);

/** The expected result of an operation, and the actual one. */
interface Operation {
  readonly by: number | "receive";
  want: string;
  got: string;
}

const waits = "waits";
const over = "over";

class Machine {
  readonly ch: Chan<number>;
  readonly operations: Operation[] = [];
  readonly #contexts = [0, 1].map(() => context.withCancel(context.background()));
  /** Two iterators of the channel, and one with each context. */
  readonly #iterators: readonly AsyncIterator<number>[];
  readonly #left = new Set<number>();
  readonly #ended = new Set<number>();
  #closed = false;
  #buffer: number[] = [];
  #queue: Operation[] = [];
  #sent = 0;

  constructor(capacity: number) {
    this.ch = chan<number>(capacity);
    this.#iterators = [this.ch, this.ch, ...this.#contexts.map(([ctx]) => this.ch.range(ctx))].map((each) =>
      each[Symbol.asyncIterator](),
    );
  }

  async run(step: Step): Promise<void> {
    switch (step.do) {
      case "next":
        this.#follow(step.iterator, (this.#iterators[step.iterator] as AsyncIterator<number>).next());
        break;
      case "receive":
        this.#follow(
          "receive",
          this.ch.receiveOk().then(([value, ok]) => ({ value, done: !ok }) as IteratorResult<number>),
        );
        break;
      case "return":
        void (this.#iterators[step.iterator] as AsyncIterator<number>).return?.();
        this.#leave(step.iterator);
        break;
      case "throw": {
        const thrown = (this.#iterators[step.iterator] as AsyncIterator<number>).throw?.(new Error("thrown"));
        this.#leave(step.iterator);
        await expect(thrown).rejects.toThrow("thrown");
        break;
      }
      case "send":
        this.#send();
        break;
      case "cancel":
        this.#contexts[step.context]?.[1]();
        this.#ended.add(2 + step.context);
        this.#withdraw((by) => by === 2 + step.context, "context canceled");
        break;
      case "close":
        if (this.#closed) return;
        this.ch.close();
        this.#closed = true;
        this.#withdraw(() => true, over);
        break;
      case "settle":
        await settle();
    }
  }

  async check(): Promise<void> {
    await settle();
    expect(this.operations.map(({ by, got }) => `${by}: ${got}`)).toEqual(
      this.operations.map(({ by, want }) => `${by}: ${want}`),
    );
    expect(this.ch.length).toBe(this.#buffer.length);
    for (const [, cancel] of this.#contexts) cancel();
    if (!this.#closed) this.ch.close();
    await settle();
  }

  #follow(by: number | "receive", operation: Promise<IteratorResult<number>>): void {
    const followed: Operation = { by, want: this.#receive(by), got: waits };
    this.operations.push(followed);
    if (followed.want === waits) this.#queue.push(followed);
    operation.then(
      ({ value, done }) => (followed.got = done === true ? over : `value ${value}`),
      (error: Error) => (followed.got = error.message),
    );
  }

  #receive(by: number | "receive"): string {
    if (typeof by === "number" && this.#left.has(by)) return over;
    if (typeof by === "number" && this.#ended.has(by)) return "context canceled";
    const value = this.#buffer.shift();
    if (value !== undefined) return `value ${value}`;
    return this.#closed ? over : waits;
  }

  #send(): void {
    if (this.#closed) return;
    const value = this.#sent++;
    const first = this.#queue.shift();
    const room = first !== undefined || this.#buffer.length < this.ch.capacity;
    expect(this.ch.trySend(value)).toBe(room);
    if (first !== undefined) first.want = `value ${value}`;
    else if (room) this.#buffer.push(value);
  }

  #leave(iterator: number): void {
    this.#left.add(iterator);
    this.#withdraw((by) => by === iterator, over);
  }

  #withdraw(matches: (by: number | "receive") => boolean, want: string): void {
    for (const operation of this.#queue) if (matches(operation.by)) operation.want = want;
    this.#queue = this.#queue.filter(({ by }) => !matches(by));
  }
}

test.each([0, 1, 4])(
  "whatever iterators do, each value is received once or still there, at capacity %i [C47]",
  async (capacity) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const machine = new Machine(capacity);
        for (const each of steps) await machine.run(each);
        await machine.check();
      }),
      { numRuns: 300 },
    );
  },
);
