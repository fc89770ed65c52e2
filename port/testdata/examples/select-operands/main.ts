// What a select looks at, and when: channels and values of all its cases are evaluated once, in order, whichever is
// chosen. The same for `go`: the function and its arguments are evaluated by the caller, at once; only the call comes
// later.
import { type Chan, chan, go, main, nilChan, select, send } from "gocsp";
import { deferring, panic } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

function channel(name: string, ch: Chan<number>): Chan<number> {
  console.log("channel", name);
  return ch;
}

function value(n: number): number {
  console.log("value", n);
  return n;
}

main(async () => {
  const ready = chan<number>(1);
  const op = await select({
    channel: channel("a", nilChan()),
    channel2: send(channel("b", ready), value(1)),
    channel3: send(channel("c", nilChan()), value(2)),
    channel4: channel("d", chan<number>()),
  });
  switch (op.case) {
    case "channel":
      break;
    case "channel2":
      console.log("sent to b");
      break;
    case "channel3":
      break;
    case "channel4":
  }

  // A channel set to nil later does not change a select that has been entered.
  const ch = chan<number>();
  let other: Chan<number> = ch;
  const entered = chan<void>();
  const got = chan<number>();
  go(async () => {
    entered.close();
    const op1 = await select({ other });
    switch (op1.case) {
      case "other": {
        const n = op1.value ?? 0;
        await got.send(n);
      }
    }
  });
  await entered.receive();
  await ch.send(3);
  other = nilChan();
  console.log("got", (await got.receive()) ?? 0);

  // The variable of a go statement's argument may change: the goroutine has the old value.
  let n = 4;
  const results = chan<number>();
  go(async (n: number) => await results.send(n), value(n));
  n = 5;
  console.log("passed", (await results.receive()) ?? 0, "now", n);

  // Every turn of a loop has a variable of its own.
  let sum = 0;
  for (let i = 0; i < 10; i++) {
    go(async () => await results.send(i));
  }
  for (let i1 = 0; i1 < 10; i1++) {
    sum += (await results.receive()) ?? 0;
  }
  console.log("sum", sum);

  // A case that panics while it is evaluated: nothing is sent, nothing after it is evaluated.
  await (async () => {
    await deferring(async (deferred) => {
      deferred((recover) => {
        fmt.println("panic:", recover());
      });
      await select({
        ready: send(ready, value(6)),
        channel: send(channel("broken", ready), (() => panic("no value"))()),
        channel2: channel("never evaluated", nilChan()),
      });
    });
  })();
  console.log("in b:", (await ready.receive()) ?? 0, ready.length);
});
