// The same question to three servers: the first answer wins, and the context calls the others off.
// The answer channel has room for all of them, so that nobody who comes too late is left standing.
import { chan, type Context, context, defer, errors, go, main, select, time } from "gocsp";
import { put } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

function server(name: string, delay: number): (arg: Context | undefined) => [string, Error | undefined] | Promise<[string, Error | undefined]> {
  return async (ctx: Context | undefined): Promise<[string, Error | undefined]> => {
    const op = await select({ after: time.after(delay), done: ctx!.done() });
    switch (op.case) {
      case "after":
        return ["answer from " + name, undefined];
      case "done":
        return ["", fmt.errorf("%s was called off: %w", name, context.cause(ctx!))];
    }
  };
}

const errAnswered = new Error("somebody has answered");

class Outcome {
  index = 0;
  answer = "";
  err: Error | undefined;

  constructor(init?: Partial<Outcome>) {
    Object.assign(this, init);
  }
}

main(async () => {
  const servers: ((arg: Context | undefined) => [string, Error | undefined] | Promise<[string, Error | undefined]>)[] = [
    server("berlin", 1 * time.hour),
    server("oslo", 1 * time.millisecond),
    server("rome", 1 * time.hour),
  ];
  const [ctx, cancel] = context.withCancelCause(context.background());
  using _ = defer(() => cancel(undefined));

  const outcomes = chan<Outcome>(servers.length);
  for (const [i, ask] of servers.entries()) {
    go(async () => {
      const [answer, err] = await ask(ctx);
      await outcomes.send(new Outcome({ index: i, answer, err }));
    });
  }
  const first_ = (await outcomes.receive())!;
  console.log(first_.answer);

  cancel(errAnswered);
  const errs = Array.from({ length: servers.length }, (): Error | undefined => undefined);
  for (let i1 = 0, n = servers.length - 1; i1 < n; i1++) {
    const o = (await outcomes.receive())!;
    put(errs, o.index, o.err);
  }
  fmt.println(errors.join(...errs));
  console.log("all for the same reason:", errors.is(errs[0], errAnswered) && errors.is(errs[2], errAnswered));
});
