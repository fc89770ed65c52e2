// Broken: each goroutine counts itself in once it runs. The one that waits may come first, finds nobody, and closes.
import { chan, defer, go, main, type ReceiveChan, sync } from "gocsp";

const says = (line: string): ReceiveChan<string> => {
  const out = chan<string>(1);
  out.trySend(line);
  out.close();
  return out;
};

const fanIn = (...inputs: ReceiveChan<string>[]): ReceiveChan<string> => {
  const out = chan<string>();
  const wg = new sync.WaitGroup();
  for (const input of inputs) {
    go(async () => {
      wg.add(1);
      using _ = defer(() => wg.done());
      for await (const line of input) await out.send(line);
    });
  }
  go(async () => {
    await wg.wait();
    out.close();
  });
  return out;
};

main(async () => {
  const heard: string[] = [];
  for await (const line of fanIn(says("ann"), says("bob"))) heard.push(line);
  console.log(heard.sort().join(", "));
});
