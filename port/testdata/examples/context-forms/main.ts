// Operations that give up when their context ends. In Go each is a select that returns ctx.Err() as an error;
// in TypeScript the operation takes the context along and throws it.
import {
  chan,
  type Context,
  context,
  errors,
  go,
  main,
  type ReceiveChan,
  select,
  send,
  type SendChan,
  time,
} from "gocsp";
import * as fmt from "gocsp/golib/fmt";

async function receive(ctx: Context, ch: ReceiveChan<number>): Promise<[number, Error | undefined]> {
  const err = ctx.err();
  if (err !== undefined) {
    return [0, err];
  }
  const op = await select({ done: ctx.done(), ch });
  switch (op.case) {
    case "done":
      return [0, ctx.err()];
    case "ch": {
      const n = op.value ?? 0;
      return [n, undefined];
    }
  }
}

async function send_(ctx: Context, ch: SendChan<number>, n: number): Promise<Error | undefined> {
  const err = ctx.err();
  if (err !== undefined) {
    return err;
  }
  const op = await select({ done: ctx.done(), sent: send(ch, n) });
  switch (op.case) {
    case "done":
      return ctx.err();
    case "sent":
      return undefined;
  }
}

async function sum(ctx: Context, ch: ReceiveChan<number>): Promise<[number, Error | undefined]> {
  let total = 0;
  for (;;) {
    const err = ctx.err();
    if (err !== undefined) {
      return [total, err];
    }
    const op = await select({ done: ctx.done(), ch });
    switch (op.case) {
      case "done":
        return [total, ctx.err()];
      case "ch": {
        const n = op.value ?? 0;
        const ok = op.ok;
        if (!ok) {
          return [total, undefined];
        }
        total += n;
      }
    }
  }
}

async function sleep(ctx: Context, d: number): Promise<Error | undefined> {
  const op = await select({ done: ctx.done(), after: time.after(d) });
  switch (op.case) {
    case "done":
      return ctx.err();
    case "after":
      return undefined;
  }
}

main(async () => {
  const background = context.background();
  let [ctx, cancel] = context.withCancel(background);

  // In time.
  const ch = chan<number>(3);
  fmt.println("send:", await send_(ctx, ch, 1));
  let [n, err] = await receive(ctx, ch);
  fmt.println("receive:", n, err);
  fmt.println("sleep:", await sleep(ctx, 1 * time.millisecond));

  // The context ends while they wait.
  const empty = chan<number>();
  const full = chan<number>();
  const errs = chan<Error | undefined>();
  go(async () => {
    const [, err] = await receive(ctx, empty);
    await errs.send(err);
  });
  go(async () => await errs.send(await send_(ctx, full, 2)));
  go(async () => {
    const [, err] = await sum(ctx, empty);
    await errs.send(err);
  });
  go(async () => await errs.send(await sleep(ctx, 1 * time.hour)));
  cancel();
  for (let i = 0; i < 4; i++) {
    console.log("gave up:", errors.is(await errs.receive(), context.canceled));
  }

  // Nothing is lost and nothing is sent afterwards: the context comes first, even before what is ready.
  await ch.send(3);
  [n, err] = await receive(ctx, ch);
  fmt.println("receive:", n, err, "still there:", ch.length);
  fmt.println("send:", await send_(ctx, ch, 4), "still alone:", ch.length);

  // A range with a context: to the end, and cut off in the middle.
  await ch.send(4);
  ch.close();
  [n, err] = await sum(background, ch);
  fmt.println("sum:", n, err);

  const endless = chan<number>();
  [ctx, cancel] = context.withCancel(background);
  go(async () => {
    for (let n = 0; n < 11; n++) {
      await endless.send(n);
    }
    cancel();
  });
  [n, err] = await sum(ctx, endless);
  fmt.println("sum:", n, err);
});
