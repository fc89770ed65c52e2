import { type Channel, channel, select } from "@thi.ng/csp";
import { background, type Runs } from "../harness/subject.ts";

export const runs: Runs = {
  pingpong: async (n) => {
    const ping = channel<number>();
    const pong = channel<number>();
    background(
      (async () => {
        for (let i = 0; i < n; i++) await pong.write(((await ping.read()) ?? 0) + 1);
      })(),
    );
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await ping.write(i);
      sum += (await pong.read()) ?? 0;
    }
    return sum;
  },

  stream0: async (n) => {
    const ch = channel<number>();
    background(
      (async () => {
        for (let i = 0; i < n; i++) await ch.write(i);
      })(),
    );
    return receiveAll(ch, n);
  },

  // A write waits for its reader even with a buffer; only offer makes use of it.
  stream128: async (n) => {
    const ch = channel<number>(128);
    background(
      (async () => {
        for (let i = 0; i < n; i++) if (!ch.offer(i)) await ch.write(i);
      })(),
    );
    return receiveAll(ch, n);
  },

  "select-ready": async (n) => {
    const ready = channel<number>(1000);
    const never = channel<number>();
    let sum = 0;
    for (let i = 0; i < n; i += 1000) {
      for (let j = 0; j < 1000; j++) ready.offer(i + j);
      for (let j = 0; j < 1000; j++) sum += (await select(ready, never))[0] ?? 0;
    }
    return sum;
  },

  "select-blocked": async (n) => {
    const ping = channel<number>();
    const pong = channel<number>();
    const never = channel<number>();
    background(
      (async () => {
        for (let i = 0; i < n; i += 2) {
          const [value] = await select(ping, never);
          await pong.write((value ?? 0) + 1);
        }
      })(),
    );
    let sum = 0;
    for (let i = 0; i < n; i += 2) {
      await ping.write(i);
      const [value] = await select(pong, never);
      sum += i + (value ?? 0);
    }
    return sum;
  },

  fanin: async (n) => {
    const ch = channel<number>();
    for (let sender = 0; sender < 100; sender++) {
      background(
        (async () => {
          for (let i = sender; i < n; i += 100) await ch.write(i);
        })(),
      );
    }
    return receiveAll(ch, n);
  },

  sieve: async (n) => {
    let ch = channel<number>();
    background(count(ch));
    for (let i = 1; ; i++) {
      const prime = (await ch.read()) ?? 0;
      if (i === n) return prime;
      const next = channel<number>();
      background(filter(ch, next, prime));
      ch = next;
    }
  },

  newchan: (n) => {
    let made = 0;
    for (let i = 0; i < n; i++) {
      last = channel<number>();
      made++;
    }
    return last === undefined ? 0 : made;
  },
};

let last: Channel<number> | undefined;

async function receiveAll(ch: Channel<number>, n: number): Promise<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (await ch.read()) ?? 0;
  return sum;
}

async function count(ch: Channel<number>): Promise<void> {
  for (let i = 2; ; i++) await ch.write(i);
}

async function filter(from: Channel<number>, to: Channel<number>, prime: number): Promise<void> {
  for (;;) {
    const i = (await from.read()) ?? 0;
    if (i % prime !== 0) await to.write(i);
  }
}
