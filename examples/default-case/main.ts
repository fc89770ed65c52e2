// Operations that do not wait: a select with a default case on empty, full, closed and nil channels.
// The default is taken only if no case can proceed at that moment, wherever it stands.
import { chan, main, nilChan, type ReceiveChan, select, send, type SendChan } from "gocsp";

const tryReceive = async (name: string, ch: ReceiveChan<string>) => {
  const op = await select({ received: ch, default: true });
  switch (op.case) {
    case "received":
      console.log(`${name}: received ${JSON.stringify(op.value ?? "")} ${op.ok}`);
      break;
    case "default":
      console.log(`${name}: would wait`);
  }
};

const trySend = async (name: string, ch: SendChan<string>, s: string) => {
  const op = await select({ default: true, sent: send(ch, s) });
  switch (op.case) {
    case "default":
      console.log(`${name}: would wait`);
      break;
    case "sent":
      console.log(`${name}: sent ${JSON.stringify(s)}`);
  }
};

main(async () => {
  const buffered = chan<string>(1);
  await tryReceive("empty", buffered);
  await trySend("room", buffered, "a");
  await trySend("full", buffered, "b");
  await tryReceive("full", buffered);
  await tryReceive("empty again", buffered);

  const unbuffered = chan<string>();
  await trySend("nobody receives", unbuffered, "c");
  await tryReceive("nobody sends", unbuffered);

  await buffered.send("last");
  buffered.close();
  await tryReceive("closed with a value", buffered);
  await tryReceive("closed and drained", buffered);

  const none = nilChan<string>();
  await trySend("nil", none, "d");
  await tryReceive("nil", none);

  // Several cases and a default: what is ready wins.
  const [a, b] = [chan<number>(1), chan<number>(1)];
  await b.send(2);
  for (let i = 0; i < 2; i++) {
    const op = await select({ a, b, default: true });
    switch (op.case) {
      case "a":
        console.log("a:", op.value);
        break;
      case "b":
        console.log("b:", op.value);
        break;
      case "default":
        console.log("neither");
    }
  }
});
