// Functions that the library calls later run in the asynchronous context in which they were handed over.
import { chan, context, defer, go, main, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as singleflight from "gocsp/singleflight";
import { AsyncLocalStorage } from "node:async_hooks";

const storage = new AsyncLocalStorage();
const foreign = [];
let calls = 0;

function work(own) {
  const see = () => {
    calls++;
    if (storage.getStore() !== own) foreign.push(`${own} saw ${storage.getStore()}`);
  };
  const done = new sync.WaitGroup();
  const counted = () => {
    see();
    done.done();
  };
  done.add(7);
  go(counted);
  time.afterFunc(1, counted);
  const [ctx, cancel] = context.withCancel(context.background());
  context.afterFunc(ctx, counted);
  context.signal(ctx).addEventListener("abort", counted);
  context.afterFunc(context.withTimeout(context.background(), 1)[0], counted);
  void new singleflight.Group().do("key", counted);
  const group = new errgroup.Group();
  void group.go(counted);
  const deferred = defer(see);
  const once = sync.onceFunc(see);
  return {
    done,
    trigger() {
      cancel();
      deferred[Symbol.dispose]();
      once();
    },
  };
}

storage.run("main", () =>
  main(async () => {
    if (storage.getStore() !== "main") foreign.push(`main saw ${storage.getStore()}`);
    const works = Array.from({ length: 50 }, (_, i) => storage.run(`request ${i}`, () => work(`request ${i}`)));
    storage.run("canceler", () => {
      for (const work of works) work.trigger();
    });
    for (const { done } of works) await done.wait();
    const ch = chan();
    storage.run("closer", () => go(() => ch.close()));
    await ch.receive();
    if (storage.getStore() !== "main") foreign.push(`main saw ${storage.getStore()}`);
    console.log(`${calls} calls, ${foreign.length} foreign stores ${foreign.slice(0, 5).join("; ")}`);
  }),
);
