// A crawler of a small web site that this program serves itself: three workers, each page once, and never more
// requests than the limiter lets pass. One page is missing: that is an entry of the result, not a failure of the crawl.
import { chan, type Context, context, defer, go, main, type ReceiveChan, sync } from "gocsp";
import { fromBytes, panic } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as io from "gocsp/golib/io";
import * as net from "gocsp/golib/net";
import * as slices from "gocsp/golib/slices";
import * as strings from "gocsp/golib/strings";
import * as time from "gocsp/golib/time";

const site = new Map<string, string>([
  ["/", "/news /about /shop"],
  ["/news", "/ /news/1 /news/2"],
  ["/news/1", "/news /shop"],
  ["/news/2", "/news /missing"],
  ["/about", "/"],
  ["/shop", "/shop/ink /missing"],
  ["/shop/ink", "/shop"],
]);

const interval = 5 * time.millisecond;
const burst = 2;

/** A limiter is a bucket of tokens that a ticker fills. */
async function limiter(): Promise<ReceiveChan<void>> {
  const bucket = chan<void>(burst);
  for (let i = 0; i < burst; i++) {
    await bucket.send();
  }
  go(async () => {
    for await (const _ of time.tick(interval)) {
      bucket.trySend();
    }
  });
  return bucket;
}

async function fetch(ctx: Context, url: string): Promise<[string, Error | undefined]> {
  let [req, err] = http.newRequestWithContext(ctx, "GET", url, undefined);
  if (err !== undefined) {
    return ["", err];
  }
  let res: http.Response;
  [res, err] = await http.defaultClient.do(req);
  if (err !== undefined) {
    return ["", err];
  }
  await using _ = defer(res.body.close.bind(res.body));
  let body: Uint8Array;
  [body, err] = await io.readAll(res.body);
  if (err === undefined && res.statusCode !== 200) {
    err = new Error(`status ${res.statusCode}`);
  }
  return [fromBytes(body), err];
}

main(async () => {
  const [listener, err] = await net.listen("tcp", "127.0.0.1:0");
  if (err !== undefined) {
    panic(err);
  }
  go(http.serve, listener, http.handlerFunc(async (w: http.ResponseWriter, r: http.Request) => {
    const page = site.get(r.url.path) ?? "";
    const ok = site.has(r.url.path);
    if (!ok) {
      w.writeHeader(404);
    }
    await io.writeString(w, page);
  }));
  const base = "http://" + listener.addr().toString();
  const [ctx, cancel] = context.withTimeout(context.background(), 10 * time.second);
  using _ = cancel;

  const seen = new Map<string, boolean>();
  const found = new Map<string, string>();
  // mu: no section of this mutex waits, so nobody needs it here.
  const wg = new sync.WaitGroup();
  const slots = chan<void>(3);
  const tokens = await limiter();
  let crawl: ((path: string) => void) | undefined;
  crawl = (path: string) => {
    const known = seen.get(path) ?? false;
    seen.set(path, true);
    if (known) {
      return;
    }
    wg.go(async () => {
      await slots.send();
      await using _1 = defer(async () => {
        await slots.receive();
      });
      await tokens.receive();
      const [body, err] = await fetch(ctx, base + path);
      const links = strings.fields(body);
      if (err !== undefined) {
        found.set(path, err.message);
      } else {
        found.set(path, fmt.sprint(links.length, " links"));
      }
      for (const link of links) {
        crawl!(link);
      }
    });
  };
  const start = time.now();
  crawl("/");
  await wg.wait();

  const paths: string[] = [];
  for (const path of found.keys()) {
    paths.push(path);
  }
  slices.sort(paths);
  for (const path of paths) {
    console.log(`${path}: ${found.get(path) ?? ""}`);
  }
  const least = (paths.length - burst - 1) * interval;
  console.log("not faster than the limit:", time.since(start) >= least);
});
