import { context, errors } from "gocsp";
import * as semaphore from "gocsp/semaphore";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import { expectNothingLeft } from "../context/contexts.ts";
import { exhaust } from "../support/exhaust.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { background, free, states, taken } from "./tokens.ts";

expectNothingLeft();

describe("contexts", () => {
  test("an ended one fails although the tokens are free [M6]", async () => {
    const sem = new semaphore.Weighted(1);
    const [ctx, cancel] = context.withCancel(background);
    cancel();
    await expect(sem.acquire(ctx, 1)).rejects.toBe(context.canceled);
    await expect(sem.acquire(ctx, 0)).rejects.toBe(context.canceled);
    await expect(sem.acquire(ctx, 2)).rejects.toBe(context.canceled);
    expect(free(sem)).toBe(1);
  });

  test("the error is the context's, not its cause, and nothing is held [M7]", async () => {
    const sem = await taken(1, 1);
    const [ctx, cancel] = context.withCancelCause(background);
    const waiting = follow(sem.acquire(ctx, 1));
    cancel(new Error("cause"));
    await settle();
    expect([waiting.error, errors.is(waiting.error, context.canceled)]).toEqual([context.canceled, true]);
    sem.release(1);
    expect(free(sem)).toBe(1);
  });

  test("a deadline ends the wait [M7]", async () => {
    await synctest.test(async () => {
      const sem = await taken(1, 1);
      const [ctx] = context.withTimeout(background, 10);
      await expect(sem.acquire(ctx, 1)).rejects.toBe(context.deadlineExceeded);
      expect(performance.now()).toBe(10);
      sem.release(1);
      expect(free(sem)).toBe(1);
    });
  });

  test.each([
    ["first the tokens, then the end", true],
    ["first the end, then the tokens", false],
  ])("when both come together the call fails and gives the tokens back: %s [M8]", async (_, tokensFirst) => {
    for (const exhausted of [false, true]) {
      const sem = await taken(2, 2);
      const [ctx, cancel] = context.withCancel(background);
      const waiting = follow(sem.acquire(ctx, 1));
      const behind = follow(sem.acquire(background, 2));
      await settle();
      if (exhausted) exhaust();
      if (tokensFirst) sem.release(2);
      cancel();
      if (!tokensFirst) sem.release(2);
      await settle();
      expect([waiting, behind.state]).toEqual([{ state: "threw", error: context.canceled }, "returned"]);
      sem.release(2);
      expect(free(sem)).toBe(2);
    }
  });

  test("when the first one gives up, those behind it that now fit are let in [M9]", async () => {
    const sem = await taken(10, 5);
    const [ctx, cancel] = context.withCancel(background);
    const big = follow(sem.acquire(ctx, 8));
    const behind = [2, 3, 1].map((n) => follow(sem.acquire(background, n)));
    await settle();
    expect(states(behind)).toEqual(["waits", "waits", "waits"]);
    cancel();
    await settle();
    expect([big.error, states(behind)]).toEqual([context.canceled, ["returned", "returned", "waits"]]);
    sem.release(10);
    await settle();
    expect(free(sem)).toBe(9);
  });

  test("one in the middle that gives up changes nothing for the others [M10]", async () => {
    const sem = await taken(4, 3);
    const [ctx, cancel] = context.withCancel(background);
    const front = follow(sem.acquire(background, 3));
    const middle = follow(sem.acquire(ctx, 1));
    const last = follow(sem.acquire(background, 1));
    cancel();
    await settle();
    expect(states([front, middle, last])).toEqual(["waits", "threw", "waits"]);
    sem.release(3);
    await settle();
    expect(states([front, last])).toEqual(["returned", "returned"]);
    expect(free(sem)).toBe(0);
  });

  test("a request for more than the size waits for its context's end and blocks no waiter [M11]", async () => {
    const sem = new semaphore.Weighted(2);
    const [ctx, cancel] = context.withCancel(background);
    const tooBig = follow(sem.acquire(ctx, 3));
    await settle();
    expect(sem.tryAcquire(2)).toBe(true);
    const waiting = follow(sem.acquire(background, 1));
    sem.release(2);
    await settle();
    expect(states([tooBig, waiting])).toEqual(["waits", "returned"]);
    sem.release(1);
    cancel();
    await settle();
    expect(tooBig.error).toBe(context.canceled);
    expect(free(sem)).toBe(2);
  });

  test("no context at all is one that never ends, whether there is something to wait for or not [M1]", async () => {
    const sem = new semaphore.Weighted(1);
    await sem.acquire(undefined as never, 1);
    const waiting = follow(sem.acquire(undefined as never, 1));
    sem.release(1);
    await settle();
    expect(waiting.state).toBe("returned");
    sem.release(1);
    expect(free(sem)).toBe(1);
  });

  test("one that throws when it is asked loses no tokens [M8]", async () => {
    const sem = await taken(1, 1);
    const error = new Error("asked once too often");
    let asked = 0;
    const err = (): undefined => {
      if (asked++ > 0) throw error;
    };
    const waiting = follow(sem.acquire({ done: () => background.done(), err }, 1));
    sem.release(1);
    await settle();
    if (waiting.state === "returned") sem.release(1);
    else expect(waiting.error).toBe(error);
    expect(free(sem)).toBe(1);
  });
});
