import { chan, type Chan, go, select, send, type SendChan } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  /** Channel and value expressions that record when they are evaluated. */
  function recording(): {
    log: string[];
    channel: (name: string, ch?: Chan<number> | null) => Chan<number> | null;
    value: (name: string, fails?: boolean) => number;
  } {
    const log: string[] = [];
    return {
      log,
      channel: (name, ch = null) => (log.push(`channel ${name}`), ch),
      value: (name, fails = false) => {
        log.push(`value ${name}`);
        if (fails) throw new Error(`no value ${name}`);
        return 7;
      },
    };
  }
  const everything = ["channel a", "channel b", "value b", "channel c", "value c", "channel d"];

  test("channels and values are evaluated once each, in source order, whatever is chosen [S1] [S29]", async () => {
    const { log, channel, value } = recording();
    const ch = chan<number>(capacity);
    go(() => ch.send(1));
    const op = await select({
      a: channel("a"),
      b: send(channel("b"), value("b")),
      c: send(channel("c"), value("c")),
      d: channel("d", ch),
    });
    expect(op.case).toBe("d");
    expect(log).toEqual(everything);
  });

  test("they are evaluated also for default and for a select that waits [S1]", async () => {
    const { log, channel, value } = recording();
    const ch = chan<number>(capacity);
    await select({
      a: channel("a"),
      b: send(channel("b"), value("b")),
      c: send(channel("c"), value("c")),
      d: channel("d", ch),
      default: true,
    });
    expect(log).toEqual(everything);
    const waiting = select({ a: channel("a", ch), sent: send(channel("b"), value("b")) });
    ch.trySend(1);
    await waiting;
    expect(log.slice(6)).toEqual(["channel a", "channel b", "value b"]);
  });

  test("a failure in one of them prevents the later ones and any communication [S2] [C25]", async () => {
    const { log, channel, value } = recording();
    const ready = chan<number>(1);
    ready.trySend(1);
    const selecting = async (): Promise<unknown> =>
      select({ a: channel("a", ready), b: send(channel("b"), value("b", true)), c: channel("c") });
    await expect(selecting()).rejects.toThrow("no value b");
    expect(log).toEqual(["channel a", "channel b", "value b"]);
    expect(ready.length).toBe(1);
  });

  test("a wrong case prevents any communication, wherever it stands [S2]", async () => {
    const ready = chan<number>(1);
    ready.trySend(1);
    await expect(select({ ready, wrong: 42 as never })).rejects.toThrow(TypeError);
    await expect(select({ wrong: 42 as never, ready })).rejects.toThrow(TypeError);
    expect(ready.length).toBe(1);
  });

  test("the target of a received value is evaluated only if its case is chosen, after the receive [S3] [S21]", async () => {
    const log: string[] = [];
    const ch = chan<number>(capacity);
    const target: { value?: number | undefined } = {};
    const targetOf = (name: string): typeof target => (log.push(`target ${name}`), target);
    go(async () => {
      log.push("sends");
      await ch.send(7);
    });
    const op = await select({ ch, never: chan<number>() });
    switch (op.case) {
      case "ch":
        targetOf("ch").value = op.value;
        break;
      case "never":
        targetOf("never").value = op.value;
    }
    expect(log).toEqual(["sends", "target ch"]);
    expect(target.value).toBe(7);
  });

  test("the value is there before the case runs, with its own type [S21]", async () => {
    const ch = chan<unknown>(capacity);
    const values = ["text", 1, undefined, null, new Date(0), [1]];
    go(async () => {
      for (const value of values) await ch.send(value);
    });
    for (const value of values) {
      const op = await select({ ch });
      expect(op.case === "ch" && op.value).toBe(value);
    }
  });
});

test("each member of the object is read once, in order [S1]", async () => {
  const reads: string[] = [];
  const [a, b] = [chan<number>(), chan<number>(1)];
  b.trySend(1);
  const cases = {
    get a() {
      reads.push("a");
      return a;
    },
    get b() {
      reads.push("b");
      return b;
    },
  };
  expect((await select(cases)).case).toBe("b");
  expect(reads).toEqual(["a", "b"]);
});

test("a member that selects while it is read does not disturb the select around it [S1]", async () => {
  const [inner, outer] = [chan<string>(1), chan<string>(1)];
  inner.trySend("inner");
  outer.trySend("outer");
  const results: Promise<unknown>[] = [];
  const cases = {
    get first() {
      results.push(select({ inner, never: chan<string>() }));
      results.push(select({ inner }));
      return chan<string>();
    },
    outer,
  };
  expect((await select(cases)).value).toBe("outer");
  inner.trySend("again");
  expect(await Promise.all(results)).toEqual([
    { case: "inner", value: "inner", ok: true },
    { case: "inner", value: "again", ok: true },
  ]);
});

test("a send case evaluates channel and value when it is made, and sends nothing by itself [S1]", async () => {
  const ch: Chan<number> = chan<number>(1);
  let n = 1;
  const target: { out: SendChan<number> | null } = { out: ch };
  const sent = send(target.out, n);
  n = 2;
  target.out = null;
  expect(ch.length).toBe(0);
  expect((await select({ sent })).case).toBe("sent");
  expect(ch.tryReceive()?.value).toBe(1);
  expect(n).toBe(2);
});
