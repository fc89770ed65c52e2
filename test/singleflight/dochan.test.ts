import { chan, context, PanicError, select } from "gocsp";
import { goexit } from "gocsp/runtime";
import * as singleflight from "gocsp/singleflight";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { counted, failure } from "./counted.ts";

expectNoGoroutinesLeft();

describe("doChan", () => {
  test("gives each caller a channel of its own that gets one result and stays open [F5]", async () => {
    const group = new singleflight.Group<number>();
    const { f, finish, calls } = counted();
    const channels = [group.doChan("key", f), group.doChan("key", f)];
    expect(channels[0]).not.toBe(channels[1]);
    expect(channels.map((ch) => [ch.capacity, ch.length])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    finish();
    for (const ch of channels) {
      expect(await ch.receive()).toEqual({ val: 1, err: undefined, shared: true });
    }
    await settle();
    expect([calls(), ...channels.map((ch) => ch.tryReceive())]).toEqual([1, undefined, undefined]);
  });

  test("never runs the function on the caller's stack [F5]", async () => {
    const group = new singleflight.Group<void>();
    const log: string[] = [];
    const ch = group.doChan("key", () => void log.push("f"));
    log.push("caller");
    await ch.receive();
    expect(log).toEqual(["caller", "f"]);
  });

  test("the result of a failure holds the error, shared or not [F5] [F12]", async () => {
    const group = new singleflight.Group<number>();
    const ch = group.doChan("key", () => Promise.reject(failure));
    expect(await ch.receive()).toEqual({ val: undefined, err: failure, shared: false });
  });

  test("failures on channels without a receiver are not reported [F12]", async () => {
    const group = new singleflight.Group<number>();
    group.doChan("a", () => Promise.reject(failure));
    group.doChan("a", () => Promise.reject(failure));
    group.doChan("b", () => {
      throw failure;
    });
    await settle();
  });

  test("shares one call with do, whichever comes first [F6]", async () => {
    for (const chanFirst of [true, false]) {
      const group = new singleflight.Group<number>();
      const { f, finish, calls } = counted();
      const early = chanFirst ? group.doChan("key", f) : undefined;
      const done = follow(group.do("key", f));
      const ch = early ?? group.doChan("key", f);
      finish();
      await settle();
      expect([calls(), done.value, ch.tryReceive()?.value]).toEqual([
        1,
        [1, true],
        { val: 1, err: undefined, shared: true },
      ]);
    }
  });

  test("a caller gives up by a select, and the call continues for the others [F11]", async () => {
    const group = new singleflight.Group<number>();
    const [ctx, cancel] = context.withCancel(context.background());
    const { f, finish } = counted();
    const other = follow(group.do("key", f));
    const left = select({ result: group.doChan("key", f), done: ctx.done() });
    cancel();
    expect((await left).case).toBe("done");
    expect(other.state).toBe("waits");
    finish();
    await settle();
    expect(other.value).toEqual([1, true]);
  });

  test("a panic arrives as the error of the result [F9]", async () => {
    const group = new singleflight.Group<void>();
    const closed = chan<number>();
    closed.close();
    const result = await group.doChan("key", () => closed.send(1)).receive();
    expect(result?.err).toEqual(new PanicError("send on closed channel"));
  });

  test("a goexit in the function leaves the channel empty [F10]", async () => {
    const group = new singleflight.Group<void>();
    const ch = group.doChan("key", () => goexit());
    await settle();
    expect(ch.length).toBe(0);
  });
});

describe("forget", () => {
  test("makes the next call start again; the end of the old one does not affect it [F7]", async () => {
    const group = new singleflight.Group<string>();
    const gates = [chan<void>(), chan<void>()] as const;
    const first = follow(group.do("key", () => gates[0].receive().then(() => "first")));
    const ch = group.doChan("key", () => "joins");
    group.forget("key");
    const second = follow(group.do("key", () => gates[1].receive().then(() => "second")));
    gates[0].close();
    await settle();
    expect([first.value, ch.tryReceive()?.value?.val, second.state]).toEqual([["first", true], "first", "waits"]);
    const third = follow(group.do("key", () => "third"));
    gates[1].close();
    await settle();
    expect([second.value, third.value]).toEqual([
      ["second", true],
      ["second", true],
    ]);
  });

  test("of a key that is not in flight does nothing [F7]", async () => {
    const group = new singleflight.Group<number>();
    group.forget("key");
    expect(await group.do("key", () => 1)).toEqual([1, false]);
    group.forget("key");
  });
});
