// Three workers, a lock and a deadline: what docs/tracing.md shows.
import { chan, context, errors, go, main, select, sync, time } from "gocsp";

main(async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), 25);
  using _ = cancel;
  const urls = chan<number>();
  const pages = chan<string>();
  const mu = new sync.Mutex();
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 3; i++) {
    wg.go(async () => {
      for await (const url of urls) {
        await time.sleep(url);
        using _ = await mu.lock();
        await time.sleep(2);
        await errors.result(pages.send(`page ${url}`, ctx));
      }
    });
  }
  go(async () => {
    for (const url of [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]) await errors.result(urls.send(url, ctx));
    urls.close();
  });
  for (;;) {
    const op = await select({ pages, done: ctx.done() });
    if (op.case === "done") break;
    await time.sleep(0.5);
  }
  await wg.wait();
});
