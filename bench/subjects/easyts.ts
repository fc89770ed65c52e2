import easyts, { type Chan } from "@king011/easyts/lib/es2022/mod.js";
import { background, type Runs } from "../harness/subject.ts";

export const runs: Runs = {
  pingpong: async (n) => {
    const ping = new easyts.Chan<number>();
    const pong = new easyts.Chan<number>();
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

  stream0: async (n) => stream(0, n),
  stream128: async (n) => stream(128, n),

  "select-ready": async (n) => {
    const ready = new easyts.Chan<number>(1000);
    const cases = [ready.readCase(), new easyts.Chan<number>().readCase()];
    let sum = 0;
    for (let i = 0; i < n; i += 1000) {
      for (let j = 0; j < 1000; j++) ready.tryWrite(i + j);
      for (let j = 0; j < 1000; j++) sum += (await easyts.selectChan(...cases)).read() ?? 0;
    }
    return sum;
  },

  "select-blocked": async (n) => {
    const ping = new easyts.Chan<number>();
    const pong = new easyts.Chan<number>();
    const never = new easyts.Chan<number>().readCase();
    background(
      (async () => {
        const cases = [ping.readCase(), never];
        for (let i = 0; i < n; i += 2) {
          const chosen = await easyts.selectChan(...cases);
          await pong.write((chosen.read() ?? 0) + 1);
        }
      })(),
    );
    const cases = [pong.readCase(), never];
    let sum = 0;
    for (let i = 0; i < n; i += 2) {
      await ping.write(i);
      const chosen = await easyts.selectChan(...cases);
      sum += i + (chosen.read() ?? 0);
    }
    return sum;
  },

  fanin: async (n) => {
    const ch = new easyts.Chan<number>();
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
    let ch = new easyts.Chan<number>();
    background(count(ch));
    for (let i = 1; ; i++) {
      const prime = (await ch.read()) ?? 0;
      if (i === n) return prime;
      const next = new easyts.Chan<number>();
      background(filter(ch, next, prime));
      ch = next;
    }
  },

  newchan: (n) => {
    let made = 0;
    for (let i = 0; i < n; i++) {
      last = new easyts.Chan<number>();
      made++;
    }
    return last === undefined ? 0 : made;
  },
};

let last: Chan<number> | undefined;

async function stream(capacity: number, n: number): Promise<number> {
  const ch = new easyts.Chan<number>(capacity);
  background(
    (async () => {
      for (let i = 0; i < n; i++) await ch.write(i);
    })(),
  );
  return receiveAll(ch, n);
}

async function receiveAll(ch: Chan<number>, n: number): Promise<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (await ch.read()) ?? 0;
  return sum;
}

async function count(ch: Chan<number>): Promise<void> {
  for (let i = 2; ; i++) await ch.write(i);
}

async function filter(from: Chan<number>, to: Chan<number>, prime: number): Promise<void> {
  for (;;) {
    const i = (await from.read()) ?? 0;
    if (i % prime !== 0) await to.write(i);
  }
}
