// A module that waits at its top level, in the form that the first argument names, and never calls main.
import { chan, context, go, nilChan, select, send, time } from "gocsp";

const ch = chan<number>();
const [ctx] = context.withCancel(context.background());

async function nested(): Promise<void> {
  await ch.receive(); // @nested
}

async function other(): Promise<void> {
  await chan<number>().send(1); // @other
}

if (process.argv[3] === "with others") go(other); // @go other

switch (process.argv[2]) {
  case "receive":
    await ch.receive(); // @receive
    break;
  case "send":
    await ch.send(1); // @send
    break;
  case "select":
    await select({ ch, sent: send(nilChan<number>(), 1) }); // @select
    break;
  case "no cases":
    await select({}); // @no cases
    break;
  case "nil":
    await nilChan().receive(); // @nil
    break;
  case "for await":
    for await (const n of ch) console.log(n); // @for await
    break;
  case "context":
    await ch.receive(ctx); // @context
    break;
  case "call":
    await nested(); // @call
    break;
  case "all":
    await Promise.all([nested(), ch.receive()]); // @all
    break;
  case "host promise":
    await new Promise(() => undefined);
    break;
  case "timer":
    await time.sleep(30);
    await ch.receive(); // @timer
    break;
}
