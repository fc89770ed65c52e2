// A crawler of a small web site that this program serves itself: three workers, each page once, and never more
// requests than the limiter lets pass. One page is missing: that is an entry of the result, not a failure of the crawl.
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { chan, type Context, context, defer, main, sync, time } from "gocsp";
import * as rate from "gocsp/rate";
import * as semaphore from "gocsp/semaphore";

const site: Record<string, string> = {
  "/": "/news /about /shop",
  "/news": "/ /news/1 /news/2",
  "/news/1": "/news /shop",
  "/news/2": "/news /missing",
  "/about": "/",
  "/shop": "/shop/ink /missing",
  "/shop/ink": "/shop",
};

const [interval, burst] = [5 * time.millisecond, 2];

const fetchPage = async (ctx: Context, url: string) => {
  const res = await fetch(url, { signal: context.signal(ctx) });
  const body = await res.text();
  if (res.status !== 200) throw new Error(`status ${res.status}`);
  return body;
};

main(async () => {
  const server = createServer((req, res) => {
    const page = site[req.url ?? ""];
    res.statusCode = page === undefined ? 404 : 200;
    res.end(page);
  });
  const listening = chan<void>();
  server.listen(0, "127.0.0.1", () => listening.close());
  await listening.receive();
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [ctx, cancel] = context.withTimeout(context.background(), 10 * time.second);
  using _ = cancel;

  const [seen, found] = [new Set<string>(), new Map<string, string>()];
  const wg = new sync.WaitGroup();
  const [slots, limiter] = [new semaphore.Weighted(3), new rate.Limiter(rate.every(interval), burst)];
  const crawl = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    wg.go(async () => {
      await slots.acquire(ctx, 1);
      using _ = defer(() => slots.release(1));
      await limiter.wait(ctx);
      try {
        const links = (await fetchPage(ctx, base + path)).split(" ");
        found.set(path, `${links.length} links`);
        for (const link of links) crawl(link);
      } catch (err) {
        found.set(path, (err as Error).message);
      }
    });
  };
  const start = performance.now();
  crawl("/");
  await wg.wait();

  const paths = [...found.keys()].sort();
  for (const path of paths) console.log(`${path}: ${found.get(path)}`);
  const least = (paths.length - burst - 1) * interval;
  console.log("not faster than the limit:", performance.now() - start >= least);
});
