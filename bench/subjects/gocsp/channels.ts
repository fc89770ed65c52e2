// gocsp: channels without select.
import { type Chan, chan, go, sync } from "gocsp";
import type { Runs } from "../../harness/subject.ts";

export const channels: Runs = {
  "pingpong/await": async (n) => {
    const ping = chan<number>();
    const pong = chan<number>();
    go(async () => {
      for (let i = 0; i < n; i++) await pong.send(((await ping.receive()) ?? 0) + 1);
    });
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await ping.send(i);
      sum += (await pong.receive()) ?? 0;
    }
    return sum;
  },

  "pingpong/try": async (n) => {
    const ping = chan<number>();
    const pong = chan<number>();
    go(async () => {
      for (let i = 0; i < n; i++) {
        const got = ping.tryReceive();
        const value = got === undefined ? await ping.receive() : got.value;
        const answer = (value ?? 0) + 1;
        if (!pong.trySend(answer)) await pong.send(answer);
      }
    });
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (!ping.trySend(i)) await ping.send(i);
      const got = pong.tryReceive();
      sum += (got === undefined ? await pong.receive() : got.value) ?? 0;
    }
    return sum;
  },

  "stream0/await": async (n) => receiveAll(produce(0, n), n),
  "stream0/try": async (n) => tryReceiveAll(tryProduce(0, n), n),
  "stream128/await": async (n) => receiveAll(produce(128, n), n),
  "stream128/try": async (n) => tryReceiveAll(tryProduce(128, n), n),

  "stream128/for-await": async (n) => {
    const ch = chan<number>(128);
    go(async () => {
      for (let i = 0; i < n; i++) await ch.send(i);
      ch.close();
    });
    let sum = 0;
    for await (const value of ch) sum += value;
    return sum;
  },

  "fanin/await": async (n) => {
    const ch = chan<number>();
    for (let sender = 0; sender < 100; sender++) {
      go(async () => {
        for (let i = sender; i < n; i += 100) await ch.send(i);
      });
    }
    return receiveAll(ch, n);
  },

  "fanin/try": async (n) => {
    const ch = chan<number>();
    for (let sender = 0; sender < 100; sender++) {
      go(async () => {
        for (let i = sender; i < n; i += 100) if (!ch.trySend(i)) await ch.send(i);
      });
    }
    return tryReceiveAll(ch, n);
  },

  "sieve/await": async (n) => {
    let ch = chan<number>();
    go(count, ch);
    for (let i = 1; ; i++) {
      const prime = (await ch.receive()) ?? 0;
      if (i === n) return prime;
      const next = chan<number>();
      go(filter, ch, next, prime);
      ch = next;
    }
  },

  "sieve/try": async (n) => {
    let ch = chan<number>();
    go(tryCount, ch);
    for (let i = 1; ; i++) {
      const prime = (await ch.receive()) ?? 0;
      if (i === n) return prime;
      const next = chan<number>();
      go(tryFilter, ch, next, prime);
      ch = next;
    }
  },

  newchan: (n) => {
    let made = 0;
    for (let i = 0; i < n; i++) {
      last = chan<number>();
      if (last.capacity === 0) made++;
    }
    return made;
  },

  spawn: async (n) => {
    const wg = new sync.WaitGroup();
    let ended = 0;
    for (let i = 0; i < n; i += 1000) {
      wg.add(1000);
      for (let j = 0; j < 1000; j++) {
        go(async () => {
          ended++;
          wg.done();
        });
      }
      await wg.wait();
    }
    return ended;
  },

  "spawn-park": async (n) => {
    const wg = new sync.WaitGroup();
    let ended = 0;
    for (let i = 0; i < n; i += 1000) {
      const start = chan<never>();
      wg.add(1000);
      for (let j = 0; j < 1000; j++) {
        go(async () => {
          await start.receive();
          ended++;
          wg.done();
        });
      }
      // So that all have parked.
      const ran = chan<void>();
      go(async () => ran.send());
      await ran.receive();
      start.close();
      await wg.wait();
    }
    return ended;
  },
};

/** Keeps the engine from optimizing the channel away. */
let last: Chan<number> | undefined;

function produce(capacity: number, n: number): Chan<number> {
  const ch = chan<number>(capacity);
  go(async () => {
    for (let i = 0; i < n; i++) await ch.send(i);
  });
  return ch;
}

function tryProduce(capacity: number, n: number): Chan<number> {
  const ch = chan<number>(capacity);
  go(async () => {
    for (let i = 0; i < n; i++) if (!ch.trySend(i)) await ch.send(i);
  });
  return ch;
}

async function receiveAll(ch: Chan<number>, n: number): Promise<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (await ch.receive()) ?? 0;
  return sum;
}

async function tryReceiveAll(ch: Chan<number>, n: number): Promise<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const got = ch.tryReceive();
    sum += (got === undefined ? await ch.receive() : got.value) ?? 0;
  }
  return sum;
}

async function count(ch: Chan<number>): Promise<void> {
  for (let i = 2; ; i++) await ch.send(i);
}

async function filter(from: Chan<number>, to: Chan<number>, prime: number): Promise<void> {
  for (;;) {
    const i = (await from.receive()) ?? 0;
    if (i % prime !== 0) await to.send(i);
  }
}

async function tryCount(ch: Chan<number>): Promise<void> {
  for (let i = 2; ; i++) if (!ch.trySend(i)) await ch.send(i);
}

async function tryFilter(from: Chan<number>, to: Chan<number>, prime: number): Promise<void> {
  for (;;) {
    const got = from.tryReceive();
    const i = (got === undefined ? await from.receive() : got.value) ?? 0;
    if (i % prime !== 0 && !to.trySend(i)) await to.send(i);
  }
}
