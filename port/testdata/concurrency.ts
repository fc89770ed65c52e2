// Channels, selects, goroutines with arguments, contexts, locks, timers.
import {
  type Chan,
  chan,
  context,
  defer,
  errors,
  go,
  main,
  nilChan,
  type ReceiveChan,
  select,
  send,
  sync,
} from "gocsp";
import { box, Boxed, duration, float64, interned, nilMap, Once, panic, recovered } from "gocsp/golib";
import * as atomic from "gocsp/golib/atomic";
import * as fmt from "gocsp/golib/fmt";
import * as time from "gocsp/golib/time";

function gen(n: number): ReceiveChan<number> {
  const ch = chan<number>();
  go(async () => {
    using _ = defer(() => ch.close());
    for (let i = 0; i < n; i++) {
      await ch.send(i);
    }
  });
  return ch;
}

async function selects(): Promise<void> {
  const a = chan<number>(1);
  const b = chan<string>(1);
  const got = a.tryReceive();
  if (got !== undefined) {
    const v = got.value ?? 0;
    console.log(v);
  } else {
    console.log("none");
  }
  await a.send(1);
  await b.send("x");
  const op = await select({ a, sent: send(b, "x") });
  switch (op.case) {
    case "a": {
      const v = op.value ?? 0;
      const ok = op.ok;
      console.log(v, ok);
      break;
    }
    case "sent":
      console.log("sent");
  }
  for (let i = 0; i < 5; i++) {
    const op1 = await select({ sent: send(b, fmt.sprint(i)), b });
    switch (op1.case) {
      case "sent":
        console.log("sent", i);
        break;
      case "b": {
        const s = op1.value!;
        if (s === "x") {
          break;
        }
        console.log("got", s);
      }
    }
  }
  const nilc: Chan<number> = nilChan();
  const op1 = await select({ nilc, after: time.after(time.millisecond) });
  switch (op1.case) {
    case "nilc":
      console.log("nil");
      break;
    case "after":
      console.log("timeout");
  }
  const done = chan<void>();
  done.close();
  const [, ok] = await done.receiveOk();
  console.log(ok);
  const c = chan<number>(3);
  await c.send(1);
  await c.send(2);
  c.close();
  for await (const v of c) {
    fmt.print(v, " ");
  }
  const [v = 0, ok1] = await c.receiveOk();
  console.log(v, ok1, c.length, c.capacity);
  const st = chan<{ a: number }>(1);
  st.close();
  const z = (await st.receive()) ?? { a: 0 };
  console.log(z.a);
  loop: for (;;) {
    const op2 = await select({ done });
    switch (op2.case) {
      case "done":
        break loop;
    }
  }
}

async function workers(): Promise<void> {
  const wg = new sync.WaitGroup();
  // mu: no section of this mutex waits, so nobody needs it here.
  let sum = 0;
  const jobs = chan<number>();
  const results = chan<number>(10);
  for (let w = 0; w < 3; w++) {
    wg.add(1);
    go(async (id: number) => {
      using _ = defer(() => wg.done());
      for await (const j of jobs) {
        await results.send(j * j);
        sum += j;
      }
    }, w);
  }
  for (let i = 0; i < 10; i++) {
    await jobs.send(i);
  }
  jobs.close();
  await wg.wait();
  results.close();
  let t = 0;
  for await (const r of results) {
    t += r;
  }
  console.log(sum, t);
}

class Cache {
  // mu: no section of this mutex waits, so nobody needs it here.
  m: Map<string, number> = nilMap();

  constructor(init?: Partial<Cache>) {
    Object.assign(this, init);
  }

  get(k: string): [number, boolean] {
    const v = this.m.get(k) ?? 0;
    const ok = this.m.has(k);
    return [v, ok];
  }

  set(k: string, v: number): void {
    this.m.set(k, v);
  }
}

async function ctxs(): Promise<void> {
  const [ctx, cancel] = context.withCancel(context.background());
  type Key_ = string;
  class Key_Value extends Boxed<Key_> {
    static override typeName = "main.key";
  }
  const vctx = context.withValue(ctx, interned(box(Key_Value, "a")), 5);
  fmt.println(vctx.value(interned(box(Key_Value, "a"))), vctx.value(interned(box(Key_Value, "b"))), vctx.value("a"));
  go(async () => {
    await time.sleep(time.millisecond);
    cancel();
  });
  await vctx.done().receive();
  fmt.println(vctx.err(), errors.is(vctx.err(), context.canceled));
  const [t, c2] = context.withTimeout(context.background(), 2 * time.millisecond);
  using _ = c2;
  const op = await select({ done: t.done(), after: time.after(time.second) });
  switch (op.case) {
    case "done":
      fmt.println(t.err());
      break;
    case "after":
      console.log("late");
  }
  const [, has_] = time.deadline(t);
  console.log(has_);
}

async function once(): Promise<void> {
  const o = new Once();
  for (let i = 0; i < 3; i++) {
    o.do(() => {
      console.log("once", i);
    });
  }
  const n = new atomic.Int64();
  let cnt = 0;
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 5; i++) {
    wg.add(1);
    go(() => {
      using _ = defer(() => wg.done());
      n.add(i);
      cnt = cnt + 1 | 0;
    });
  }
  await wg.wait();
  console.log(n.load(), cnt, n.compareAndSwap(10, 3), n.load());
}

async function args(): Promise<void> {
  let x = 1;
  const ch = chan<number>();
  const f = async (n: number) => await ch.send(n);
  go(f, x);
  x = 2;
  console.log((await ch.receive()) ?? 0);
  const s = { n: 1 };
  go(async (s: { n: number }) => await ch.send(s.n), { ...s });
  s.n = 9;
  console.log((await ch.receive()) ?? 0);
  for (let i = 0; i < 3; i++) {
    go(async () => await ch.send(i));
    fmt.print((await ch.receive()) ?? 0, " ");
  }
  console.log();
  const errc = chan<Error>(1);
  go(async () => {
    try {
      panic("boom");
    } catch (thrown) {
      const r = recovered(thrown);
      await errc.send(fmt.errorf("panic: %v", r));
    }
  });
  fmt.println(await errc.receive());
  const funcs = chan<() => number>(2);
  await funcs.send(() => 4);
  console.log((await funcs.receive())!());
  const chch = chan<Chan<number>>(1);
  const inner = chan<number>(1);
  await chch.send(inner);
  await inner.send(8);
  console.log((await (await chch.receive())!.receive()) ?? 0);
}

export type Sem = Chan<void>;

export async function semAcquire(s: Sem): Promise<void> {
  await s.send();
}

export async function semRelease(s: Sem): Promise<void> {
  await s.receive();
}

async function conds(): Promise<void> {
  const mu = new sync.Mutex();
  const c = new sync.Cond(mu);
  let ready = false as boolean;
  go(async () => {
    await mu.lock();
    ready = true;
    mu.unlock();
    c.broadcast();
  });
  await mu.lock();
  while (!ready) {
    await c.wait();
  }
  mu.unlock();
  console.log("ready", ready);
  const s = chan<void>(1);
  await semAcquire(s);
  await semRelease(s);
  console.log(s.length, s.capacity);
  const t = time.newTimer(time.hour);
  console.log(t.stop(), t.stop());
  const tick = time.newTicker(time.millisecond);
  let n = 0;
  for await (const _ of tick.c) {
    n++;
    if (n === 3) {
      tick.stop();
      break;
    }
  }
  console.log(n);
  const m = new sync.Map<unknown, unknown>();
  m.store("a", 1);
  const [v, ok] = m.load("a");
  const [, loaded] = m.loadOrStore("a", 2);
  fmt.println(v, ok, loaded);
  const p = new sync.Pool<unknown>(() => 7);
  fmt.println(p.get());
  const d = 1500 * time.millisecond;
  fmt.println(duration(d), float64(d / time.second), duration(d / 2), d > time.second, duration(90 * time.minute), Math.trunc(d), time.nanoseconds(d), duration(2500 * time.millisecond));
}

main(async () => {
  for await (const v of gen(3)) {
    fmt.print(v, " ");
  }
  console.log();
  await selects();
  await workers();
  const c = new Cache({ m: new Map<string, number>() });
  c.set("a", 1);
  fmt.println(...c.get("a"));
  await ctxs();
  await once();
  await args();
  await conds();
});
