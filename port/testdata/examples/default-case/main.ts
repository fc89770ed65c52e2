// Operations that do not wait: a select with a default case on empty, full, closed and nil channels.
// The default is taken only if no case can proceed at that moment, wherever it stands.
import { type Chan, chan, main, nilChan, type ReceiveChan, select, type SendChan } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

function tryReceive(name: string, ch: ReceiveChan<string>): void {
  const got = ch.tryReceive();
  if (got !== undefined) {
    const s = got.value ?? "";
    const ok = got.ok;
    fmt.printf("%s: received %q %v\n", name, s, ok);
  } else {
    console.log(`${name}: would wait`);
  }
}

function trySend(name: string, ch: SendChan<string>, s: string): void {
  if (ch.trySend(s)) {
    fmt.printf("%s: sent %q\n", name, s);
  } else {
    console.log(`${name}: would wait`);
  }
}

main(async () => {
  const buffered = chan<string>(1);
  tryReceive("empty", buffered);
  trySend("room", buffered, "a");
  trySend("full", buffered, "b");
  tryReceive("full", buffered);
  tryReceive("empty again", buffered);

  const unbuffered = chan<string>();
  trySend("nobody receives", unbuffered, "c");
  tryReceive("nobody sends", unbuffered);

  await buffered.send("last");
  buffered.close();
  tryReceive("closed with a value", buffered);
  tryReceive("closed and drained", buffered);

  const none: Chan<string> = nilChan();
  trySend("nil", none, "d");
  tryReceive("nil", none);

  // Several cases and a default: what is ready wins.
  const a = chan<number>(1);
  const b = chan<number>(1);
  await b.send(2);
  for (let i = 0; i < 2; i++) {
    const op = await select({ a, b, default: true });
    switch (op.case) {
      case "a": {
        const n = op.value ?? 0;
        console.log("a:", n);
        break;
      }
      case "b": {
        const n = op.value ?? 0;
        console.log("b:", n);
        break;
      }
      case "default":
        console.log("neither");
    }
  }
});
