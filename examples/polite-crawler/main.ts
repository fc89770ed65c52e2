// A polite crawler: at most two requests at a time to one host, and four to all of them; a host that does not answer
// costs only its own pages. It finds three local sites, each page once.
import { context, type Context, errors, main, sync, time } from "gocsp";
import * as http from "gocsp/http";
import * as semaphore from "gocsp/semaphore";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const perHost = 2;
const atAll = 4;

// A Host is a site, and counts its concurrent requests.
interface Host {
  name: string;
  url: string;
  now: number;
  most: number;
}

const hosts = new Map<string, Host>();

// pages has the links of each page.
const pages: Record<string, string> = {
  "ink /": "ink/1 ink/2 ink/3 ink/4 paper/",
  "ink /1": "ink/5 ink/2",
  "ink /2": "ink/5 paper/1",
  "ink /3": "ink/",
  "ink /4": "",
  "ink /5": "tar/",
  "paper /": "paper/1 paper/2 paper/3 ink/missing",
  "paper /1": "paper/",
  "paper /2": "ink/1",
  "paper /3": "tar/slow",
  "tar /": "ink/",
  "tar /slow": "never told",
  "tar /other": "never found",
};

main(async () => {
  for (const name of ["ink", "paper", "tar"]) {
    const h: Host = { name, url: "", now: 0, most: 0 };
    h.url = await serve(h);
    hosts.set(name, h);
  }
  const [ctx, cancel] = context.withTimeout(context.background(), 20 * time.second);
  using _ = cancel;

  const c = new Crawler(ctx);
  c.visit("ink/");
  await c.wg.wait();
  for (const page of [...c.found.keys()].sort()) {
    console.log(page, c.found.get(page));
  }
  for (const name of [...hosts.keys()].sort()) {
    console.log(name, "was asked politely:", enter(hosts.get(name) as Host, 0) <= perHost);
  }
});

class Crawler {
  readonly ctx: Context;
  readonly wg = new sync.WaitGroup();
  readonly slots = new semaphore.Weighted(atAll);
  readonly found = new Map<string, string>();
  readonly perHost = new Map<string, semaphore.Weighted>();

  constructor(ctx: Context) {
    this.ctx = ctx;
  }

  // visit reads a page in a goroutine, and then the pages it links to, unless it is known.
  visit(page: string) {
    const [name = ""] = page.split("/");
    const known = this.found.has(page);
    if (known) return;
    this.found.set(page, "is being read");
    let limit = this.perHost.get(name);
    if (limit === undefined) {
      limit = new semaphore.Weighted(perHost);
      this.perHost.set(name, limit);
    }
    this.wg.go(async () => {
      // The host's slot first: otherwise requests that wait for a slow host would hold the slots of others.
      await limit.acquire(this.ctx, 1);
      await this.slots.acquire(this.ctx, 1);
      const [links, err] = await errors.result(this.read(page));
      this.slots.release(1);
      limit.release(1);
      let outcome = `links to ${links?.length ?? 0}`;
      if (err !== undefined) {
        outcome = err.message;
      }
      this.found.set(page, outcome);
      for (const link of links ?? []) {
        this.visit(link);
      }
    });
  }

  // read returns the links of a page. It waits for at most one second.
  async read(page: string): Promise<string[]> {
    const [ctx, cancel] = context.withTimeout(this.ctx, time.second);
    using _ = cancel;
    const [name = "", path] = page.split("/");
    const [res, err] = await errors.result(http.fetch(ctx, `${hosts.get(name)?.url}/${path}`));
    if (errors.is(err, context.deadlineExceeded)) throw new Error("does not answer");
    if (err !== undefined) throw err;
    if (res.status !== 200) throw new Error(`status ${res.status}`);
    const body = await res.text();
    return body.split(" ").filter((link) => link !== "");
  }
}

async function serve(h: Host): Promise<string> {
  const server = createServer(
    http.handler(async (ctx, req, res) => {
      enter(h, 1);
      try {
        const links = pages[`${h.name} ${req.url}`];
        if (links === undefined) {
          res.statusCode = 404;
        } else if (req.url === "/slow") {
          await ctx.done().receive();
        } else {
          await time.sleep(5 * time.millisecond);
          res.end(links);
        }
      } finally {
        enter(h, -1);
      }
    }),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

// enter counts a request that begins or ends, and returns the largest number so far.
function enter(h: Host, n: number): number {
  h.now += n;
  h.most = Math.max(h.most, h.now);
  return h.most;
}
