// Repaired: wg.go counts a goroutine in before it starts it, so the count is complete before anybody waits.
import { chan, go, main, type ReceiveChan, sync } from "gocsp";

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
    wg.go(async () => {
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
