// A program with HTTP servers and Node's types.
import { createServer } from "node:http";
import { createServer as createServer2 } from "node:http2";
import { context, type Context, time } from "gocsp";
import * as http from "gocsp/http";

const server = createServer(
  http.handler(async (ctx, req, res) => {
    const known: Context = ctx;
    res.setHeader("Content-Type", "text/plain");
    res.end(`${req.url} ${known.err()?.message}`);
  }),
);
server.listen(0);
export const server2 = createServer2((req, res) => {
  const ctx: Context = http.context(req, res);
  res.end(String(ctx.value(http.localAddrContextKey)));
});

export async function ask(url: string): Promise<string> {
  const [ctx, cancel] = context.withTimeout(context.background(), time.second);
  const response = await http.fetch(ctx, url, { method: "POST", body: "{}" });
  const text: string = await response.text();
  cancel();
  await http.shutdown(context.background(), server);
  return text;
}
