// The same question to three servers: the first answer wins, and the context cancels the others.
// The answer channel has room for all of them, so that a server that is too late never blocks.
import { chan, context, type Context, errors, go, main, select, time } from "gocsp";

const server = (name: string, delay: number) => async (ctx: Context) => {
  const op = await select({ worked: time.after(delay), done: ctx.done() });
  switch (op.case) {
    case "worked":
      return `answer from ${name}`;
    case "done":
      const cause = context.cause(ctx);
      throw new Error(`${name} was called off: ${cause?.message}`, { cause });
  }
};

const errAnswered = new Error("somebody has answered");

type Outcome = { index: number; answer?: string; err?: Error };

main(async () => {
  const servers = [
    server("berlin", 1 * time.hour),
    server("oslo", 1 * time.millisecond),
    server("rome", 1 * time.hour),
  ];
  const [ctx, cancel] = context.withCancelCause(context.background());
  using _ = cancel;

  const outcomes = chan<Outcome>(servers.length);
  for (const [index, ask] of servers.entries()) {
    go(async () => {
      try {
        await outcomes.send({ index, answer: await ask(ctx) });
      } catch (err) {
        await outcomes.send({ index, err: err as Error });
      }
    });
  }
  const first = await outcomes.receive();
  console.log(first?.answer);

  cancel(errAnswered);
  const errs: (Error | undefined)[] = [undefined, undefined, undefined];
  for (let i = 0; i < servers.length - 1; i++) {
    const o = (await outcomes.receive())!;
    errs[o.index] = o.err;
  }
  console.log(errors.join(...errs)?.message);
  console.log("all for the same reason:", errors.is(errs[0], errAnswered) && errors.is(errs[2], errAnswered));
});
