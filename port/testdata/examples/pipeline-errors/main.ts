// A pipeline in which the last stage fails: its error ends the context, and every stage before it leaves with the
// context's error instead of waiting for ever to hand on what nobody takes.
import { chan, type Context, context, defer, main, type ReceiveChan, select, send, type SendChan, sync } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

async function source(ctx: Context, out: SendChan<number>): Promise<Error> {
  using _ = defer(() => out.close());
  for (let n = 1; ; n++) {
    const op = await select({ sent: send(out, n), done: ctx.done() });
    if (op.case === "done") {
      return ctx.err()!;
    }
  }
}

async function square(ctx: Context, in_: ReceiveChan<number>, out: SendChan<number>): Promise<Error | undefined> {
  using _ = defer(() => out.close());
  for await (const n of in_) {
    const op = await select({ sent: send(out, n * n), done: ctx.done() });
    if (op.case === "done") {
      return ctx.err();
    }
  }
  return undefined;
}

async function sum(in_: ReceiveChan<number>, most: number): Promise<Error | undefined> {
  let total = 0;
  for await (const n of in_) {
    total += n;
    if (total > most) {
      return new Error(`sum: ${total} is more than ${most}`);
    }
    console.log("sum", total);
  }
  return undefined;
}

main(async () => {
  const [ctx, cancel] = context.withCancelCause(context.background());
  const numbers = chan<number>();
  const squares = chan<number>();
  const stages: (() => Error | undefined | Promise<Error | undefined>)[] = [
    async () => await source(ctx, numbers),
    async () => await square(ctx, numbers, squares),
    async () => await sum(squares, 100),
  ];

  const errs = Array.from({ length: stages.length }, (): Error | undefined => undefined);
  const wg = new sync.WaitGroup();
  for (const [i, stage] of stages.entries()) {
    wg.go(async () => {
      errs[i] = await stage();
      if (errs[i] !== undefined) {
        cancel(errs[i]);
      }
    });
  }
  await wg.wait();
  fmt.println("source:", errs[0]);
  // The channel may be closed before the square stage sees that the context has ended.
  console.log("square:", errs[1] === undefined || errs[1] === context.canceled);
  fmt.println(errs[2]);
  fmt.println("cause:", context.cause(ctx));
});
