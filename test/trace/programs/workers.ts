import { chan, context, go, main, sync, time } from "gocsp";

const [ending = "returns"] = process.argv.slice(2);

main(async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), time.minute);
  using _ = cancel;
  const jobs = chan<number>();
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 2; i++) {
    wg.go(async () => {
      for await (const job of jobs.range(ctx)) await time.sleep(job);
    });
  }
  for (const job of [1, 2, 3]) await jobs.send(job, ctx);
  jobs.close();
  await wg.wait();
  if (ending === "panics") go(() => Promise.reject(new Error("at the end")));
  if (ending !== "returns") await chan().receive();
});
