import { chan, go } from "gocsp";
import { expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

test("a send waits until a receiver has taken the value [C5] [C6]", async () => {
  const ch = chan<string>();
  const log: string[] = [];
  go(async () => {
    log.push("1 sends");
    await ch.send("hello");
    log.push("3 sent");
  });
  await settle();
  log.push("2 nobody has received");
  expect(await ch.receive()).toBe("hello");
  await settle();
  expect(log).toEqual(["1 sends", "2 nobody has received", "3 sent"]);
});

test("a receive waits until a sender comes [C5]", async () => {
  const ch = chan<string>();
  const log: string[] = [];
  go(async () => {
    log.push("1 receives");
    log.push(`3 received ${await ch.receive()}`);
  });
  await settle();
  log.push("2 nobody has sent");
  await ch.send("hello");
  await settle();
  expect(log).toEqual(["1 receives", "2 nobody has sent", "3 received hello"]);
});

test("each value is taken from its sender's hands: one receive completes one send [C6]", async () => {
  const ch = chan<number>();
  const sends = [1, 2, 3].map((n) => follow(ch.send(n)));
  for (let received = 1; received <= 3; received++) {
    expect(await ch.receive()).toBe(received);
    await settle();
    expect(sends.filter(({ state }) => state === "returned")).toHaveLength(received);
  }
});

test("the hand-off is one step: no other goroutine can come in between [C6] [C39]", async () => {
  const ch = chan<string>();
  const first = ch.receive();
  const second = ch.receive();
  // The first receiver has not run yet, but the value is its own already.
  expect(ch.trySend("for the first")).toBe(true);
  expect(ch.tryReceive()).toBeUndefined();
  expect(ch.trySend("for the second")).toBe(true);
  expect(ch.trySend("for nobody")).toBe(false);
  expect(await Promise.all([second, first])).toEqual(["for the second", "for the first"]);
});

test("what is done before a receive is visible after the matching send [C42]", async () => {
  const ch = chan<number>();
  let message = "";
  go(async () => {
    message = "hello, world";
    await ch.receive();
  });
  await ch.send(0);
  expect(message).toBe("hello, world");
});

test("a send to a receiver in the same goroutine never returns [C6]", async () => {
  const ch = chan<number>();
  const log: string[] = [];
  go(async () => {
    await ch.send(1);
    log.push("sent");
    await ch.receive();
  });
  await settle();
  expect(log).toEqual([]);
  expect(await ch.receive()).toBe(1);
  await ch.send(2);
  expect(log).toEqual(["sent"]);
});

test("ping-pong alternates strictly [C5] [C6]", async () => {
  const ping = chan<number>();
  const pong = chan<number>();
  const log: string[] = [];
  go(async () => {
    for await (const n of ping) {
      log.push(`ping ${n}`);
      await pong.send(n);
    }
    pong.close();
  });
  for (let n = 0; n < 100; n++) {
    await ping.send(n);
    log.push(`pong ${await pong.receive()}`);
  }
  ping.close();
  expect(await pong.receiveOk()).toEqual([undefined, false]);
  expect(log).toEqual(Array.from({ length: 100 }, (_, n) => [`ping ${n}`, `pong ${n}`]).flat());
});

test("an operation's partner resumes in a microtask of its own, never on the caller's stack [C6]", async () => {
  const ch = chan<number>();
  const log: string[] = [];
  go(async () => {
    await ch.receive();
    log.push("receiver");
  });
  go(async () => {
    await ch.send(2);
    log.push("sender");
  });
  await settle();
  log.length = 0;
  const parked = follow(ch.receive());
  ch.trySend(1);
  log.push("the caller first");
  await settle();
  expect(log[0]).toBe("the caller first");
  expect(parked.state).toBe("returned");
});
