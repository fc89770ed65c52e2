import { chan, context, go, gosched, select } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("everything done before a send is visible to the receiver of that value [C40]", async () => {
    const ch = chan<number>(capacity);
    const written: number[] = [];
    go(async () => {
      for (let i = 0; i < 100; i++) {
        written[i] = i;
        await ch.send(i);
      }
      ch.close();
    });
    for await (const n of ch) expect(written[n]).toBe(n);
  });

  test("the k-th receive comes before send k + capacity completes [C42] [C43]", async () => {
    const ch = chan<number>(capacity);
    const total = 100;
    let begun = 0;
    go(async () => {
      for (let i = 0; i < total; i++) {
        begun++;
        await ch.receive();
        if (i % 3 === 0) await gosched();
      }
    });
    for (let sent = 1; sent <= total; sent++) {
      await ch.send(sent);
      expect(begun).toBeGreaterThanOrEqual(sent - capacity);
    }
  });

  test("everything done before the close is visible to a goroutine that sees it, in a select too [C41]", async () => {
    const ch = chan<void>(capacity);
    const seen = chan<number>();
    let written = 0;
    go(async () => {
      for await (const _ of ch);
      await seen.send(written);
    });
    go(async () => {
      await select({ ch, never: chan() });
      await seen.send(written);
    });
    await gosched();
    written = 1;
    ch.close();
    expect(await seen.receive()).toBe(1);
    expect(await seen.receive()).toBe(1);
  });
});

test("a goroutine starts after everything that came before it, and is not ahead of its creator [C44]", async () => {
  const log: string[] = [];
  const done = chan<void>();
  let before = 0;
  before = 1;
  go(async () => {
    log.push(`started, before = ${before}`);
    await done.send();
  });
  log.push("go has returned");
  await done.receive();
  expect(log).toEqual(["go has returned", "started, before = 1"]);
});

test("cancellation: everything before cancel is visible to a goroutine that sees the context ended [C45]", async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const seen = chan<string>();
  let written = "nothing";
  go(async () => {
    await ctx.done().receive();
    await seen.send(`${written}, ${ctx.err()?.message}`);
  });
  await gosched();
  written = "written";
  cancel();
  expect(await seen.receive()).toBe("written, context canceled");
});
