// A client that goes away, over HTTP/1.1 and over HTTP/2: the context of its request ends, and the query with it.
// After "Canceling in-progress operations" in Go's documentation.
import { chan, context, type Context, defer, go, main, time } from "gocsp";
import * as http from "gocsp/http";
import * as sql from "gocsp/sql";
import { sqlite } from "gocsp/sql/sqlite";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, createServer as createServer2, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";

const db = sql.open(sqlite(":memory:"));

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

const asked = chan<string>();
const ended = chan<Error>();

const handler = http.handler<http.NodeRequest, http.NodeResponse>(async (ctx, req) => {
  await asked.send(`HTTP/${req.httpVersion}`);
  try {
    await db.queryContext(ctx, endless);
  } catch (err) {
    await ended.send(err as Error);
  }
});

main(async () => {
  await visit(createServer(handler), async (ctx, url) => {
    await http.fetch(ctx, url);
  });

  await visit(createServer2(handler), async (ctx, url) => {
    const session = connect(url);
    session.request({}, { signal: context.signal(ctx) }).on("error", () => session.close());
  });
});

// visit sends a server a request that takes forever, and leaves after a while.
async function visit(server: Server | Http2Server, ask: (ctx: Context, url: string) => Promise<void>): Promise<void> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  using _ = defer(() => server.close());

  const [ctx, leave] = context.withCancel(context.background());
  using _1 = leave;
  go(async () => {
    await ask(ctx, `http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch(() => undefined);
  });

  console.log("the client asks over", await asked.receive());
  await time.sleep(100 * time.millisecond);
  leave();
  const left = performance.now();
  console.log("the client leaves");
  console.log("the query has ended:", (await ended.receive())?.message);
  aside(`${(performance.now() - left).toFixed(1)} ms after the client left`);
  console.log("connections in use:", db.stats().inUse);
}

// aside prints a time, which differs in every run, only if TIMES is set.
function aside(text: string): void {
  if (process.env["TIMES"] !== undefined) console.log(`(${text})`);
}
