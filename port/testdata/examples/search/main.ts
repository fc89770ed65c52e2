// A replicated search: the same question to three replicas. The first that knows wins, and the context calls off the rest.
// A replica that fails is counted, not believed: the search fails only if all do.
import { chan, type Context, context, go, main, select, time } from "gocsp";
import { panic } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class Reply {
  answer = "";
  err: Error | undefined;

  constructor(init?: Partial<Reply>) {
    Object.assign(this, init);
  }
}

async function ask(ctx: Context, replica: string): Promise<[string, Error | undefined]> {
  if (replica === "berlin") {
    return ["", new Error("berlin is down")];
  }
  let work = 1 * time.hour;
  if (replica === "oslo") {
    work = 1 * time.millisecond;
  }
  const op = await select({ after: time.after(work), done: ctx.done() });
  switch (op.case) {
    case "after":
      return ["answer from " + replica, undefined];
    case "done":
      return ["", ctx.err()];
  }
}

async function search(parent: Context, replicas: string[]): Promise<[string, Error | undefined]> {
  const [ctx, cancel] = context.withCancel(parent);
  using _ = cancel;
  const replies = chan<Reply>(replicas.length);
  for (const replica of replicas) {
    go(async () => {
      const [answer, err] = await ask(ctx, replica);
      await replies.send(new Reply({ answer, err }));
    });
  }
  let failed: Error | undefined;
  for (const _ of replicas) {
    const r = (await replies.receive())!;
    if (r.err === undefined) {
      return [r.answer, undefined];
    }
    failed = r.err;
  }
  return ["", fmt.errorf("nobody knows: %w", failed)];
}

main(async () => {
  const [answer, err] = await search(context.background(), ["berlin", "oslo", "rome"]);
  if (err !== undefined) {
    panic(err);
  }
  console.log(answer);
});
