import { Chan, recv, Select } from "ts-chan";
import { background, type Runs } from "../harness/subject.ts";

export const runs: Runs = {
  pingpong: async (n) => {
    const ping = new Chan<number>();
    const pong = new Chan<number>();
    background(
      (async () => {
        for (let i = 0; i < n; i++) await pong.send(((await ping.recv()).value ?? 0) + 1);
      })(),
    );
    let sum = 0;
    for (let i = 0; i < n; i++) {
      await ping.send(i);
      sum += (await pong.recv()).value ?? 0;
    }
    return sum;
  },

  stream0: async (n) => stream(0, n),
  stream128: async (n) => stream(128, n),

  "select-ready": async (n) => {
    const ready = new Chan<number>(1000);
    const mine = recv(ready);
    const turn = new Select([mine, recv(new Chan<number>())]);
    let sum = 0;
    for (let i = 0; i < n; i += 1000) {
      for (let j = 0; j < 1000; j++) ready.trySend(i + j);
      for (let j = 0; j < 1000; j++) {
        await turn.wait();
        sum += turn.recv(mine).value ?? 0;
      }
    }
    return sum;
  },

  "select-blocked": async (n) => {
    const never = new Chan<number>();
    const receiver = (ch: Chan<number>) => {
      const mine = recv(ch);
      const turn = new Select([mine, recv(never)]);
      return { wait: () => turn.wait(), value: () => turn.recv(mine).value ?? 0 };
    };
    const ping = new Chan<number>();
    const pong = new Chan<number>();
    background(
      (async () => {
        const receive = receiver(ping);
        for (let i = 0; i < n; i += 2) {
          await receive.wait();
          await pong.send(receive.value() + 1);
        }
      })(),
    );
    const receive = receiver(pong);
    let sum = 0;
    for (let i = 0; i < n; i += 2) {
      await ping.send(i);
      await receive.wait();
      sum += i + receive.value();
    }
    return sum;
  },

  fanin: async (n) => {
    const ch = new Chan<number>();
    for (let sender = 0; sender < 100; sender++) {
      background(
        (async () => {
          for (let i = sender; i < n; i += 100) await ch.send(i);
        })(),
      );
    }
    return receiveAll(ch, n);
  },

  sieve: async (n) => {
    let ch = new Chan<number>();
    background(count(ch));
    for (let i = 1; ; i++) {
      const prime = (await ch.recv()).value ?? 0;
      if (i === n) return prime;
      const next = new Chan<number>();
      background(filter(ch, next, prime));
      ch = next;
    }
  },

  newchan: (n) => {
    let made = 0;
    for (let i = 0; i < n; i++) {
      last = new Chan<number>();
      made++;
    }
    return last === undefined ? 0 : made;
  },
};

let last: Chan<number> | undefined;

async function stream(capacity: number, n: number): Promise<number> {
  const ch = new Chan<number>(capacity);
  background(
    (async () => {
      for (let i = 0; i < n; i++) await ch.send(i);
    })(),
  );
  return receiveAll(ch, n);
}

async function receiveAll(ch: Chan<number>, n: number): Promise<number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (await ch.recv()).value ?? 0;
  return sum;
}

async function count(ch: Chan<number>): Promise<void> {
  for (let i = 2; ; i++) await ch.send(i);
}

async function filter(from: Chan<number>, to: Chan<number>, prime: number): Promise<void> {
  for (;;) {
    const i = (await from.recv()).value ?? 0;
    if (i % prime !== 0) await to.send(i);
  }
}
