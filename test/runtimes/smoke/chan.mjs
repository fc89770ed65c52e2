import { chan, go, gosched } from "gocsp";
import { check, equal, text } from "./check.mjs";

await check("an unbuffered channel hands over from sender to receiver", async () => {
  const ch = chan();
  const sent = chan();
  go(async () => {
    await ch.send("hello");
    sent.close();
  });
  equal(ch.trySend("nobody there"), false);
  equal(await ch.receive(), "hello");
  equal(await sent.receive(), undefined);
});

await check("a buffered channel keeps the order, its length and its capacity", async () => {
  const ch = chan(3);
  for (const n of [1, 2, 3]) await ch.send(n);
  equal([ch.length, ch.capacity], [3, 3]);
  equal(ch.trySend(4), false);
  equal([await ch.receive(), await ch.receive(), await ch.receive()], [1, 2, 3]);
  equal(ch.length, 0);
});

await check("a closed channel drains, then yields undefined for ever", async () => {
  const ch = chan(1);
  await ch.send("last");
  ch.close();
  equal(await ch.receiveOk(), ["last", true]);
  for (let i = 0; i < 2; i++) {
    const [value, ok] = await ch.receiveOk();
    equal(value, undefined);
    equal(ok, false);
  }
  equal(await ch.receive(), undefined);
});

await check("close wakes the receivers that wait", async () => {
  const ch = chan();
  const waiting = [ch.receiveOk(), ch.receiveOk()];
  ch.close();
  for (const [, ok] of await Promise.all(waiting)) equal(ok, false);
});

await check("for await ends at close, and break neither closes nor loses", async () => {
  const ch = chan();
  go(async () => {
    for (let n = 1; n <= 4; n++) await ch.send(n);
    ch.close();
  });
  const seen = [];
  for await (const n of ch) {
    seen.push(n);
    if (n === 2) break;
  }
  for await (const n of ch) seen.push(n);
  equal(seen, [1, 2, 3, 4]);
});

await check("trySend and tryReceive never wait", async () => {
  const ch = chan(1);
  equal(ch.tryReceive(), undefined);
  equal(ch.trySend(1), true);
  equal(ch.trySend(2), false);
  equal(ch.tryReceive(), { value: 1, ok: true });
  ch.close();
  equal(ch.tryReceive().ok, false);
});

await check("undefined, null, NaN and promises are elements like any other", async () => {
  const promise = Promise.resolve("kept");
  const elements = [undefined, null, Number.NaN, promise];
  const ch = chan(elements.length);
  for (const element of elements) await ch.send(element);
  for (const element of elements) {
    const [value, ok] = await ch.receiveOk();
    equal(ok, true);
    if (!Object.is(value, element)) throw new Error(`${text(element)} did not arrive untouched`);
  }
});

await check("a loop that is given up while it waits takes no value", async () => {
  const ch = chan();
  const iterator = ch[Symbol.asyncIterator]();
  const waiting = [iterator.next(), iterator.next()];
  equal(await iterator.return(), { value: undefined, done: true });
  for (const { done } of await Promise.all(waiting)) equal(done, true);
  equal(ch.trySend("job"), false);
});

await check("neither does a stream that is canceled while it waits", async () => {
  const ch = chan();
  const iterator = ch[Symbol.asyncIterator]();
  // Not every runtime has ReadableStream.from.
  const stream =
    ReadableStream.from?.(ch) ??
    new ReadableStream(
      {
        async pull(controller) {
          const { value, done } = await iterator.next();
          if (!done) controller.enqueue(value);
        },
        cancel: () => iterator.return(),
      },
      { highWaterMark: 0 },
    );
  const reader = stream.getReader();
  const reading = reader.read();
  await gosched();
  await reader.cancel();
  equal((await reading).done, true);
  equal(ch.trySend("job"), false);
});
