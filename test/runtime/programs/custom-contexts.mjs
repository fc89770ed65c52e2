// A context of the program's own, with a channel of its own, that never ends. The argument names who watches it.
import { chan, context, go, main } from "gocsp";

function custom() {
  const done = chan();
  return { done: () => done, err: () => undefined, deadline: () => undefined, value: () => undefined };
}

const ctx = custom();
const called = () => console.log("called");

const watchers = {
  withCancel: () => void context.withCancel(ctx),
  withTimeout: () => void context.withTimeout(ctx, 1e6),
  "withValue and withCancel": () => void context.withCancel(context.withValue(ctx, "key", 1)),
  afterFunc: () => void context.afterFunc(ctx, called),
  signal: () => context.signal(ctx).addEventListener("abort", called),
  fromSignal: () => void context.fromSignal(ctx, new AbortController().signal),
  all: () =>
    Object.values(watchers)
      .slice(0, -1)
      .forEach((watch) => watch()),
};

const [name, ending] = process.argv.slice(2);
switch (ending) {
  case "module":
    watchers[name]();
    break;
  case "main":
    watchers[name]();
    main(() => {});
    break;
  case "deadlock":
    watchers[name]();
    main(async function waits() {
      go(async function works() {
        await chan().send(1);
      });
      await chan().receive();
    });
    break;
}
