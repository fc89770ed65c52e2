import { context } from "gocsp";
import { attach } from "gocsp/runtime";
import { type Interrupt, interruptible, StoppedError } from "gocsp/sql/driver";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../support/clock.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow, type Outcome } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const background = context.background();

class Stopped extends Error {}

/** A server with one statement, whose cancels do what the test says. */
class FakeServer implements Interrupt {
  /** When each cancel was sent. */
  readonly cancels: number[] = [];
  destroyed = 0;
  timeout: number | undefined;
  /** What becomes of a cancel; that it is done, by default. */
  answer: (n: number) => Promise<void> | undefined = () => Promise.resolve();
  onDestroy: () => void = () => this.fail(new Stopped("destroyed"));
  finish!: (value: string) => void;
  fail!: (error: Error) => void;
  readonly #clock: VirtualClock;
  readonly #statement: Promise<string>;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.#statement = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
    });
  }

  run = (): Promise<string> => this.#statement;

  cancel(): Promise<void> {
    return this.answer(this.cancels.push(this.#clock.now())) as Promise<void>;
  }

  wasStopped(error: unknown): boolean {
    return error instanceof Stopped;
  }

  destroy(): void {
    this.destroyed++;
    this.onDestroy();
  }
}

let clock: VirtualClock;
let attached: Disposable;
let server: FakeServer;
beforeEach(() => {
  clock = new VirtualClock();
  attached = attach({ clock });
  server = new FakeServer(clock);
});
afterEach(async () => {
  await settle();
  attached[Symbol.dispose]();
  expect(clock.pending, "timers left behind").toBe(0);
});

/** Runs the statement with a context, and ends it. */
async function runAndCancel(): Promise<Outcome<string>> {
  const [ctx, cancel] = context.withCancel(background);
  const outcome = follow(interruptible(ctx, server.run, server));
  await settle();
  cancel();
  await settle();
  return outcome;
}

describe("interruptible", () => {
  test("sends nothing as long as the context goes on, nor after the statement has settled [Q30]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const outcome = follow(interruptible(ctx, server.run, server));
    await clock.pass(60_000);
    expect(outcome.state).toBe("waits");
    server.finish("row");
    await settle();
    expect(outcome).toEqual({ state: "returned", value: "row" });
    cancel();
    await clock.pass(60_000);
    expect([server.cancels, server.destroyed]).toEqual([[], 0]);
  });

  test("sends the first cancel in the step in which the context ends, also if it has ended before [Q30]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const outcome = follow(interruptible(ctx, server.run, server));
    cancel();
    expect(server.cancels.length).toBe(1);
    const other = new FakeServer(clock);
    const second = follow(interruptible(ctx, other.run, other));
    expect(other.cancels.length).toBe(1);
    for (const each of [server, other]) each.fail(new Stopped());
    await settle();
    expect([outcome.state, second.state]).toEqual(["threw", "threw"]);
  });

  test("throws ctx.err() with the engine's error as the cause when the statement was stopped [Q30]", async () => {
    const outcome = await runAndCancel();
    const stopped = new Stopped("57014");
    server.fail(stopped);
    await settle();
    expect(outcome.error).toBeInstanceOf(StoppedError);
    expect(outcome.error).toMatchObject({ message: "context canceled", cause: stopped });
    expect(server.destroyed).toBe(0);
  });

  test("returns the result of a statement that has finished all the same [Q30]", async () => {
    const outcome = await runAndCancel();
    server.finish("row");
    await settle();
    expect(outcome).toEqual({ state: "returned", value: "row" });
  });

  test("throws the error of a statement that failed by itself, whether its context has ended or not [Q30]", async () => {
    const outcome = await runAndCancel();
    const failure = new Error("no such table");
    server.fail(failure);
    await settle();
    expect(outcome.error).toBe(failure);
    const other = new FakeServer(clock);
    const second = follow(interruptible(background, other.run, other));
    const stopped = new Stopped("by somebody else");
    other.fail(stopped);
    await settle();
    expect(second.error).toBe(stopped);
  });

  test("sends a cancel again every 25 ms until the statement settles [Q30]", async () => {
    const outcome = await runAndCancel();
    await clock.pass(24);
    expect(server.cancels).toEqual([0]);
    await clock.pass(77);
    expect(server.cancels).toEqual([0, 25, 50, 75, 100]);
    server.fail(new Stopped());
    await clock.pass(1000);
    expect([server.cancels.length, outcome.state, server.destroyed]).toEqual([5, "threw", 0]);
  });

  test("sends one cancel at a time: the next 25 ms after the answer to the last [Q30]", async () => {
    const [first] = hold();
    server.answer = (n) => (n === 1 ? first?.promise : Promise.resolve());
    await runAndCancel();
    await clock.pass(100);
    expect(server.cancels).toEqual([0]);
    first?.resolve();
    await clock.pass(25);
    expect(server.cancels).toEqual([0, 125]);
    server.fail(new Stopped());
  });

  test("does not settle before the last cancel can do nothing any more [Q30]", async () => {
    const [answer] = hold();
    server.answer = () => answer?.promise;
    const outcome = await runAndCancel();
    server.fail(new Stopped());
    await clock.pass(4000);
    expect(outcome.state).toBe("waits");
    answer?.resolve();
    await settle();
    expect([outcome.state, server.destroyed]).toEqual(["threw", 0]);
  });

  test.each<[name: string, answer: FakeServer["answer"]]>([
    ["rejects", () => Promise.reject(new Error("the side connection is gone"))],
    [
      "throws",
      () => {
        throw new Error("there is no side connection");
      },
    ],
  ])("breaks the connection if nobody knows what the last cancel will do: it %s [Q30]", async (_, answer) => {
    server.answer = answer;
    const outcome = await runAndCancel();
    await clock.pass(26);
    // An uncertain one is sent again as every other.
    expect([server.cancels, server.destroyed, outcome.state]).toEqual([[0, 25], 0, "waits"]);
    server.finish("row");
    await settle();
    expect([outcome.value, server.destroyed]).toEqual(["row", 1]);
  });

  test("keeps the connection if only an earlier cancel was uncertain [Q30]", async () => {
    server.answer = (n) => (n === 1 ? Promise.reject(new Error("lost")) : Promise.resolve());
    const outcome = await runAndCancel();
    await clock.pass(30);
    server.fail(new Stopped());
    await settle();
    expect([server.cancels.length, server.destroyed, outcome.state]).toEqual([2, 0, "threw"]);
  });

  test("takes a cancel that returns nothing for one that is done [Q30]", async () => {
    server.answer = () => undefined;
    const outcome = await runAndCancel();
    await clock.pass(30);
    server.fail(new Stopped());
    await settle();
    expect([server.cancels, server.destroyed, outcome.state]).toEqual([[0, 25], 0, "threw"]);
  });

  test("breaks the connection after five seconds, and sends nothing then [Q30]", async () => {
    const outcome = await runAndCancel();
    await clock.pass(4990);
    expect([outcome.state, server.destroyed]).toEqual(["waits", 0]);
    await clock.pass(20);
    expect([outcome.state, server.destroyed]).toEqual(["threw", 1]);
    expect(outcome.error).toBeInstanceOf(StoppedError);
    const { length } = server.cancels;
    await clock.pass(10_000);
    expect(server.cancels.length).toBe(length);
  });

  test("breaks the connection after five seconds to the millisecond, between two cancels too [Q30]", async () => {
    const [first] = hold();
    server.answer = (n) => (n === 1 ? first?.promise : Promise.resolve());
    const outcome = await runAndCancel();
    await clock.pass(10);
    first?.resolve();
    // The cancels are sent at 35, 60, … 4985, 5010.
    await clock.pass(4988);
    expect([outcome.state, server.destroyed, server.cancels.at(-1)]).toEqual(["waits", 0, 4985]);
    await clock.pass(4);
    expect([outcome.state, server.destroyed, server.cancels.at(-1)]).toEqual(["threw", 1, 4985]);
  });

  test.each([true, false])(
    "breaks it after the engine's own time, if there is one; cancels are answered: %s [Q30]",
    async (answered) => {
      server.timeout = 60;
      if (!answered) server.answer = () => new Promise(() => undefined);
      const outcome = await runAndCancel();
      await clock.pass(59);
      const cancels = answered ? [0, 25, 50] : [0];
      expect([outcome.state, server.destroyed, server.cancels]).toEqual(["waits", 0, cancels]);
      await clock.pass(1);
      expect([outcome.state, server.destroyed]).toEqual(["threw", 1]);
      await clock.pass(100);
      expect([server.destroyed, server.cancels]).toEqual([1, cancels]);
    },
  );

  test("breaks the connection after five seconds also if a cancel is not answered [Q30]", async () => {
    const [never] = hold();
    server.answer = () => never?.promise;
    const outcome = await runAndCancel();
    await clock.pass(4990);
    expect([outcome.state, server.destroyed]).toEqual(["waits", 0]);
    await clock.pass(20);
    expect([outcome.state, server.destroyed, server.cancels.length]).toEqual(["threw", 1, 1]);
  });

  test("settles although the connection cannot be broken, as soon as the statement does [Q30]", async () => {
    server.onDestroy = () => {
      throw new Error("it cannot");
    };
    const outcome = await runAndCancel();
    await clock.pass(6000);
    expect([outcome.state, server.destroyed]).toEqual(["waits", 1]);
    server.fail(new Stopped());
    await settle();
    expect(outcome.state).toBe("threw");
  });

  test("throws what the statement throws before it returns a promise, and watches nothing [Q30]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const failure = new Error("no connection");
    const run = (): never => {
      throw failure;
    };
    expect(follow(interruptible(ctx, run, server))).toMatchObject({ state: "waits" });
    await expect(interruptible(ctx, run, server)).rejects.toBe(failure);
    cancel();
    await settle();
    expect(server.cancels).toEqual([]);
  });

  test.each([true, false])(
    "sends no cancel for a deadline that is noticed only when the statement has settled; it has failed: %s [Q30]",
    async (hasFailed) => {
      const late = new LateClock();
      attached[Symbol.dispose]();
      attached = attach({ clock: late });
      const [ctx, cancel] = context.withTimeout(background, 100);
      using _ = cancel;
      const outcome = follow(interruptible(ctx, server.run, server));
      if (hasFailed) server.fail(new Stopped());
      else server.finish("row");
      late.jump(200);
      await settle();
      expect([outcome.state, server.cancels, server.destroyed]).toEqual([hasFailed ? "threw" : "returned", [], 0]);
    },
  );
});

/** A clock whose time passes while the event loop is busy: no timer rings. */
class LateClock extends VirtualClock {
  jump(duration: number): void {
    this.time += duration;
  }
}

interface Held {
  readonly promise: Promise<void>;
  resolve(): void;
}

/** Returns promises that settle when the test says so. */
function hold(): Held[] {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return [{ promise, resolve }];
}
