// Fan-in: what two speakers say comes out of one channel, in the order in which it happens to come.
// Neither of them may close it, because the other may still be speaking: one more goroutine waits for both and closes it.
import { chan, defer, go, main, type ReceiveChan, sync } from "gocsp";
import * as slices from "gocsp/golib/slices";
import * as strings from "gocsp/golib/strings";

function speak(name: string, lines: number): ReceiveChan<string> {
  const out = chan<string>();
  go(async () => {
    using _ = defer(() => out.close());
    for (let i = 1; i <= lines; i++) {
      await out.send(`${name} ${i}`);
    }
  });
  return out;
}

function fanIn(...inputs: ReceiveChan<string>[]): ReceiveChan<string> {
  const out = chan<string>();
  const wg = new sync.WaitGroup();
  for (const input of inputs) {
    wg.go(async () => {
      for await (const line of input) {
        await out.send(line);
      }
    });
  }
  go(async () => {
    await wg.wait();
    out.close();
  });
  return out;
}

main(async () => {
  const heard: string[] = [];
  for await (const line of fanIn(speak("ann", 2), speak("bob", 2))) {
    heard.push(line);
  }
  slices.sort(heard);
  console.log(strings.join(heard, ", "));
});
