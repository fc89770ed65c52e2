// A polite crawler: at most two requests at a time to one host, and four to all of them; a host that does not answer
// costs only its own pages. It finds three local sites, each page once.
import { type Chan, chan, type Context, context, defer, errors, go, main, nilChan, sync, time } from "gocsp";
import { fromBytes, nilMap, panic } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as io from "gocsp/golib/io";
import * as maps from "gocsp/golib/maps";
import * as net from "gocsp/golib/net";
import * as slices from "gocsp/golib/slices";
import * as strings from "gocsp/golib/strings";

const perHost = 2;
const atAll = 4;

/** A host is a site, and counts its concurrent requests. */
class Host {
  name = "";
  url = "";
  // mu: no section of this mutex waits, so nobody needs it here.
  now = 0;
  most = 0;

  constructor(init?: Partial<Host>) {
    Object.assign(this, init);
  }

  /** enter counts a request that begins or ends, and returns the largest number so far. */
  enter(n: number): number {
    this.now += n;
    this.most = Math.max(this.most, this.now);
    return this.most;
  }
}

const hosts = new Map<string, Host>();

/** pages has the links of each page. */
const pages = new Map<string, string>([
  ["ink /", "ink/1 ink/2 ink/3 ink/4 paper/"],
  ["ink /1", "ink/5 ink/2"],
  ["ink /2", "ink/5 paper/1"],
  ["ink /3", "ink/"],
  ["ink /4", ""],
  ["ink /5", "tar/"],
  ["paper /", "paper/1 paper/2 paper/3 ink/missing"],
  ["paper /1", "paper/"],
  ["paper /2", "ink/1"],
  ["paper /3", "tar/slow"],
  ["tar /", "ink/"],
  ["tar /slow", "never told"],
  ["tar /other", "never found"],
]);

class Crawler {
  ctx!: Context;
  wg = new sync.WaitGroup();
  slots: Chan<void> = nilChan();
  // mu: no section of this mutex waits, so nobody needs it here.
  found: Map<string, string> = nilMap();
  perHost: Map<string, Chan<void>> = nilMap();

  constructor(init?: Partial<Crawler>) {
    Object.assign(this, init);
  }

  /** visit reads a page in a goroutine, and then the pages it links to, unless it is known. */
  visit(page: string): void {
    const [name] = strings.cut(page, "/");
    const known = this.found.has(page);
    if (!known) {
      this.found.set(page, "is being read");
    }
    let limit = this.perHost.get(name) ?? nilChan();
    const ok = this.perHost.has(name);
    if (!ok) {
      limit = chan<void>(perHost);
      this.perHost.set(name, limit);
    }
    if (known) {
      return;
    }
    this.wg.go(async () => {
      // The host's slot first: otherwise requests that wait for a slow host would hold the slots of others.
      await limit.send();
      await this.slots.send();
      const [links, err] = await this.read(page);
      await this.slots.receive();
      await limit.receive();
      let outcome = `links to ${links.length}`;
      if (err !== undefined) {
        outcome = err.message;
      }
      this.found.set(page, outcome);
      for (const link of links) {
        this.visit(link);
      }
    });
  }

  /** read returns the links of a page. It waits for at most one second. */
  async read(page: string): Promise<[string[], Error | undefined]> {
    const [ctx, cancel] = context.withTimeout(this.ctx, time.second);
    using _ = cancel;
    const [name, path] = strings.cut(page, "/");
    const [req, err] = http.newRequestWithContext(ctx, "GET", hosts.get(name)!.url + "/" + path, undefined);
    if (err !== undefined) {
      return [[], err];
    }
    const [res, err1] = await http.defaultClient.do(req);
    if (errors.is(err1, context.deadlineExceeded)) {
      return [[], new Error("does not answer")];
    }
    if (err1 !== undefined) {
      return [[], err1];
    }
    await using _1 = defer(res.body.close.bind(res.body));
    if (res.statusCode !== 200) {
      return [[], new Error(`status ${res.statusCode}`)];
    }
    const [body, err2] = await io.readAll(res.body);
    return [strings.fields(fromBytes(body)), err2];
  }
}

async function serve(h: Host): Promise<string> {
  const [listener, err] = await net.listen("tcp", "127.0.0.1:0");
  if (err !== undefined) {
    panic(err);
  }
  go(http.serve, listener, http.handlerFunc(async (w: http.ResponseWriter, r: http.Request) => {
    h.enter(1);
    using _ = defer(h.enter.bind(h, -1));
    const links = pages.get(h.name + " " + r.url.path) ?? "";
    const ok = pages.has(h.name + " " + r.url.path);
    if (!ok) {
      w.writeHeader(404);
    } else if (r.url.path === "/slow") {
      await r.context().done().receive();
    } else {
      await time.sleep(5 * time.millisecond);
      await io.writeString(w, links);
    }
  }));
  return "http://" + listener.addr().toString();
}

main(async () => {
  for (const name of ["ink", "paper", "tar"]) {
    const h = new Host({ name });
    h.url = await serve(h);
    hosts.set(name, h);
  }
  const [ctx, cancel] = context.withTimeout(context.background(), 20 * time.second);
  using _ = cancel;

  const c = new Crawler({
    ctx,
    slots: chan<void>(atAll),
    found: new Map<string, string>(),
    perHost: new Map<string, Chan<void>>(),
  });
  c.visit("ink/");
  await c.wg.wait();
  for (const page of slices.sorted(maps.keys(c.found))) {
    fmt.println(page, c.found.get(page) ?? "");
  }
  for (const name of slices.sorted(maps.keys(hosts))) {
    fmt.println(name, "was asked politely:", hosts.get(name)!.enter(0) <= perHost);
  }
});
