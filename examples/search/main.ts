// A replicated search: the same question to three replicas. The first one with an answer wins, and the context cancels
// the rest. A replica that fails is counted, not believed: the search fails only if all do.
import { chan, context, type Context, errors, go, main, select, time } from "gocsp";

const ask = async (ctx: Context, replica: string): Promise<string> => {
  if (replica === "berlin") throw new Error("berlin is down");
  const work = replica === "oslo" ? 1 * time.millisecond : 1 * time.hour;
  const op = await select({ worked: time.after(work), done: ctx.done() });
  if (op.case === "done") throw ctx.err();
  return `answer from ${replica}`;
};

const search = async (parent: Context, replicas: readonly string[]): Promise<string> => {
  const [ctx, cancel] = context.withCancel(parent);
  using _ = cancel;
  const replies = chan<errors.Result<string>>(replicas.length);
  for (const replica of replicas) {
    go(async () => {
      await replies.send(await errors.result(ask(ctx, replica)));
    });
  }
  let failed: Error | undefined;
  for (const _ of replicas) {
    const [answer, err] = (await replies.receive())!;
    if (err === undefined) return answer;
    failed = err;
  }
  throw new Error("nobody knows", { cause: failed });
};

main(async () => {
  console.log(await search(context.background(), ["berlin", "oslo", "rome"]));
});
