import { context } from "gocsp";
import { WaitGroup } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { cancelable, Log } from "./log.ts";

expectNoGoroutinesLeft();

describe("wait(ctx)", () => {
  test("gives up when the context ends; the others wait on", async () => {
    const wg = new WaitGroup();
    const log = new Log();
    const [ctx, cancel] = cancelable();
    wg.add(1);
    log.follow("with ctx", wg.wait(ctx));
    log.follow("without", wg.wait());
    cancel();
    await settle();
    expect(log.take()).toEqual(["with ctx: context canceled"]);
    wg.done();
    await settle();
    expect(log.take()).toEqual(["without"]);
  });

  test("an ended context is checked first, even at zero", async () => {
    const [ctx, cancel] = cancelable();
    const wg = new WaitGroup();
    await wg.wait(ctx);
    cancel();
    await expect(wg.wait(ctx)).rejects.toBe(context.canceled);
    const [late] = context.withDeadline(context.background(), new Date(0));
    await expect(wg.wait(late)).rejects.toBe(context.deadlineExceeded);
  });

  test.each(["done first", "cancel first"])("what happens first decides: %s", async (order) => {
    const wg = new WaitGroup();
    const [ctx, cancel] = cancelable();
    wg.add(1);
    const waiting = follow(wg.wait(ctx));
    if (order === "cancel first") cancel();
    wg.done();
    cancel();
    await settle();
    expect(waiting.state).toBe(order === "done first" ? "returned" : "threw");
  });

  test("a context of one's own may be done with the group while it is asked", async () => {
    const wg = new WaitGroup();
    for (const question of [1, 2]) {
      wg.add(1);
      let asked = 0;
      const waiting = follow(wg.wait({ err: () => undefined, done: () => (++asked === question && wg.done(), null) }));
      if (asked < question) wg.done();
      await settle();
      expect([question, waiting.state]).toEqual([question, "returned"]);
    }
  });
});
