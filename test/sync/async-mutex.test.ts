import { Mutex as AsyncMutex } from "async-mutex";
import { Mutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { cancelable } from "./log.ts";

describe("why async-mutex alone would not do", () => {
  test("it cannot withdraw one waiter: cancel ends them all", async () => {
    const theirs = new AsyncMutex();
    await theirs.acquire();
    const waits = [follow(theirs.acquire()), follow(theirs.acquire())];
    theirs.cancel();
    await settle();
    expect(waits.map(({ state }) => state)).toEqual(["threw", "threw"]);

    const ours = new Mutex();
    const [ctx, cancel] = cancelable();
    await ours.lock();
    const our = [follow(ours.lock(ctx)), follow(ours.lock())];
    cancel();
    await settle();
    expect(our.map(({ state }) => state)).toEqual(["threw", "waits"]);
    ours.unlock();
    ours.unlock();
  });

  test("it lets a release of a free mutex pass, and a second release of one lock is lost", async () => {
    const theirs = new AsyncMutex();
    theirs.release();
    const release = await theirs.acquire();
    release();
    expect([release(), theirs.isLocked()]).toEqual([undefined, false]);
  });
});
