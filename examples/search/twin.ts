// Broken: the first reply is taken for the first answer. A replica that is down is very fast at saying so.
import { chan, context, type Context, errors, go, gosched, main } from "gocsp";

const ask = async (_: Context, replica: string): Promise<string> => {
  await gosched(); // the question is on its way, the others may be faster
  if (replica === "berlin") throw new Error("berlin is down");
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
  const [answer, err] = (await replies.receive())!;
  if (err !== undefined) throw err;
  return answer;
};

main(async () => {
  console.log((await search(context.background(), ["oslo", "berlin"])) !== "");
});
