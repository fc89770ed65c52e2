// What a select looks at, and when: channels and values of all its cases are evaluated once, in order, whichever is
// chosen. The same for `go`: the function and its arguments are evaluated by the caller, at once; only the call comes
// later.
import { type Chan, chan, go, main, select, send } from "gocsp";

const channel = (name: string, ch: Chan<number> | null): Chan<number> | null => {
  console.log("channel", name);
  return ch;
};

const value = (n: number): number => {
  console.log("value", n);
  return n;
};

main(async () => {
  const ready = chan<number>(1);
  const op = await select({
    a: channel("a", null),
    b: send(channel("b", ready), value(1)),
    c: send(channel("c", null), value(2)),
    d: channel("d", chan<number>()),
  });
  if (op.case === "b") console.log("sent to b");

  // A variable set to null later does not change a select that has been entered.
  const ch = chan<number>();
  let other: Chan<number> | null = ch;
  const [entered, got] = [chan<never>(), chan<number>()];
  go(async () => {
    entered.close();
    const { value } = await select({ other });
    await got.send(value!);
  });
  await entered.receive();
  await ch.send(3);
  other = null;
  console.log("got", await got.receive());

  // The variable of an argument may change: the goroutine has the old value.
  let n = 4;
  const results = chan<number>();
  go((n) => results.send(n), value(n));
  n = 5;
  console.log("passed", await results.receive(), "now", n);

  // Every turn of a loop has a variable of its own.
  let sum = 0;
  for (let i = 0; i < 10; i++) go(() => results.send(i));
  for (let i = 0; i < 10; i++) sum += (await results.receive())!;
  console.log("sum", sum);

  // A case that throws while it is evaluated: nothing is sent, nothing after it is evaluated.
  const noValue = (): number => {
    throw new Error("no value");
  };
  try {
    await select({
      sent: send(ready, value(6)),
      broken: send(channel("broken", ready), noValue()),
      after: channel("never evaluated", null),
    });
  } catch (err) {
    console.log("panic:", (err as Error).message);
  }
  console.log("in b:", await ready.receive(), ready.length);
});
