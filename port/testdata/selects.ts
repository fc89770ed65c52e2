// Select in all its forms: with a default, with several cases, with break and labels, with nil channels.
import { chan, type Context, context, defer, go, main, nilChan, type ReceiveChan, select, time } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

class Event {
  n = 0;

  constructor(init?: Partial<Event>) {
    Object.assign(this, init);
  }
}

function drain(ch: ReceiveChan<number>): number[] {
  const got: number[] = [];
  for (;;) {
    sel: {
      const got1 = ch.tryReceive();
      if (got1 !== undefined) {
        const n = got1.value ?? 0;
        const ok = got1.ok;
        if (!ok) {
          return got;
        }
        got.push(n);
        if (n === 2) {
          break sel; // the select, not the loop
        }
      } else {
        return got;
      }
    }
  }
}

function merge(a: ReceiveChan<number>, b: ReceiveChan<number>): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    while (a !== nilChan() || b !== nilChan()) {
      const op = await select({ a, b });
      switch (op.case) {
        case "a": {
          const n = op.value ?? 0;
          const ok = op.ok;
          if (!ok) {
            a = nilChan();
            continue;
          }
          await out.send(n);
          break;
        }
        case "b": {
          const n = op.value ?? 0;
          const ok = op.ok;
          if (!ok) {
            b = nilChan();
            continue;
          }
          await out.send(n * 100);
        }
      }
    }
  });
  return out;
}

async function wait(ctx: Context, events: ReceiveChan<Event>): Promise<[string, Error | undefined]> {
  const op = await select({ done: ctx.done(), events, after: time.after(10 * time.millisecond) });
  switch (op.case) {
    case "done":
      return ["", ctx.err()];
    case "events": {
      const e = op.value;
      if (e === undefined) {
        return ["closed", undefined];
      }
      return [`event ${e.n}`, undefined];
    }
    case "after":
      return ["late", undefined];
  }
}

async function numbers(...list: number[]): Promise<ReceiveChan<number>> {
  const ch = chan<number>(list.length);
  for (const n of list) {
    await ch.send(n);
  }
  ch.close();
  return ch;
}

main(async () => {
  fmt.println(drain(await numbers(1, 2, 3)));
  let sum = 0;
  for await (const n of merge(await numbers(1, 2, 3), await numbers(4, 5))) {
    sum += n;
  }
  console.log(sum);

  const [ctx, cancel] = context.withCancel(context.background());
  const events = chan<Event>(1);
  await events.send(new Event({ n: 7 }));
  fmt.println(...await wait(ctx, events));
  fmt.println(...await wait(ctx, events));
  events.close();
  fmt.println(...await wait(ctx, events));
  cancel();
  fmt.println(...await wait(ctx, nilChan()));

  const full = chan<string>(1);
  for (const s of ["one", "two"]) {
    if (full.trySend(s)) {
      console.log("sent", s);
    } else {
      console.log("dropped", s);
    }
  }
  const done = chan<void>();
  let ticks = 0;
  const tick = time.newTicker(time.millisecond);
  using _ = defer(() => tick.stop());
  loop: for (;;) {
    const op = await select({ tick: tick.c, done });
    switch (op.case) {
      case "tick":
        ticks++;
        if (ticks === 3) {
          tick.stop();
          done.close();
        }
        break;
      case "done":
        break loop;
    }
  }
  console.log("ticks", ticks);
  const [v = "", ok] = await full.receiveOk();
  if (ok) {
    fmt.println(v, full.length, full.capacity);
  }
});
