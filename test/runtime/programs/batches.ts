// Many goroutines that resume at the same moment, in the form that the first argument names, and each then computes for a
// millisecond. Prints whether a timer has had its turn before all of them were through.
import { chan, context, go, select, time } from "gocsp";

const many = 400;
let through = 0;

function compute(): void {
  const start = performance.now();
  while (performance.now() - start < 1);
  through++;
}

/** Starts goroutines that wait for what `wait` waits for. */
function park(wait: () => Promise<unknown>): void {
  for (let i = 0; i < many; i++) {
    go(async () => {
      await wait();
      compute();
    });
  }
}

const forms: Record<string, () => unknown> = {
  start() {
    for (let i = 0; i < many; i++) go(compute);
  },
  close() {
    const ch = chan<void>();
    park(() => ch.receive());
    setImmediate(() => ch.close());
  },
  "close under selects"() {
    const ch = chan<void>();
    park(() => select({ ch, never: chan() }));
    setImmediate(() => ch.close());
  },
  cancel() {
    const [ctx, cancel] = context.withCancel(context.background());
    park(() => ctx.done().receive());
    setImmediate(cancel);
  },
  "functions of a context"() {
    const [ctx, cancel] = context.withCancel(context.background());
    for (let i = 0; i < many; i++) context.afterFunc(ctx, compute);
    setImmediate(cancel);
  },
  send() {
    const ch = chan<number>();
    park(() => ch.receive());
    setImmediate(() => {
      while (ch.trySend(1));
    });
  },
  sleep() {
    park(() => time.sleep(3));
  },
  afterFunc() {
    for (let i = 0; i < many; i++) time.afterFunc(3, compute);
  },
};

const name = process.argv[2] as string;
forms[name]?.();
setTimeout(() => console.log(through < many ? "in between" : "too late"), 20);
