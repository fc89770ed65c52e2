// Interfaces of a program whose methods are those of types of net/http: they wait, and return errors, as these do.
import { defer, errors, main } from "gocsp";
import { fromBytes, toBytes } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as httptest from "gocsp/golib/httptest";
import * as io from "gocsp/golib/io";

export interface Doer {
  do(arg: http.Request): [http.Response, Error | undefined] | Promise<[http.Response, Error | undefined]>;
}

interface Getter {
  get(arg: string): [http.Response, Error | undefined] | Promise<[http.Response, Error | undefined]>;
}

interface Body extends io.Reader {
  close(): Error | undefined | Promise<Error | undefined>;
}

class Client {
  client!: http.Client;

  constructor(init?: Partial<Client>) {
    Object.assign(this, init);
  }

  get closeIdleConnections() {
    return this.client.closeIdleConnections.bind(this.client);
  }

  get do() {
    return this.client.do.bind(this.client);
  }

  get get() {
    return this.client.get.bind(this.client);
  }

  get head() {
    return this.client.head.bind(this.client);
  }

  get post() {
    return this.client.post.bind(this.client);
  }

  get postForm() {
    return this.client.postForm.bind(this.client);
  }
}

interface Server {
  serveHTTP(w: http.ResponseWriter, r: http.Request): void | Promise<void>;
}

interface Out {
  write(arg: Uint8Array): [number, Error | undefined] | Promise<[number, Error | undefined]>;
}

class Api {
  doer!: Doer;
  base = "";

  constructor(init?: Partial<Api>) {
    Object.assign(this, init);
  }

  async fetch(path: string): Promise<[string, Error | undefined]> {
    const [req, err] = http.newRequest("GET", this.base + path, undefined);
    if (err !== undefined) {
      return ["", err];
    }
    const [resp, err1] = await this.doer.do(req);
    if (err1 !== undefined) {
      return ["", err1];
    }
    const [value = "", err2] = await errors.result(read(resp.body));
    return [value, err2];
  }
}

async function read(b: Body): Promise<string> {
  await using _ = defer(() => b.close());
  const [data, err] = await io.readAll(b);
  if (err !== undefined) {
    throw err;
  }
  return fromBytes(data);
}

async function get(g: Getter, url: string): Promise<[string, Error | undefined]> {
  const [resp, err] = await g.get(url);
  if (err !== undefined) {
    return ["", err];
  }
  const [value = "", err1] = await errors.result(read(resp.body));
  return [value, err1];
}

async function call(s: Server): Promise<number> {
  const rec = httptest.newRecorder();
  await s.serveHTTP(rec, httptest.newRequest("GET", "/", undefined));
  return rec.code;
}

async function put_(o: Out, s: string): Promise<void> {
  await o.write(toBytes(s));
}

main(async () => {
  const mux = http.newServeMux();
  mux.handleFunc("/", async (w: http.ResponseWriter, r: http.Request) => {
    await put_(w, "hello " + r.url.path);
  });
  const ts = await httptest.newServer(mux);
  await using _ = defer(() => ts.close());
  const a = new Api({ doer: http.defaultClient, base: ts.url });
  fmt.println(...await a.fetch("/x"));
  fmt.println(...await get(ts.client(), ts.url + "/y"));
  fmt.println(...await get(new Client({ client: http.defaultClient }), ts.url + "/z"));
  console.log(await call(mux), await call(http.notFoundHandler()), await call(http.handlerFunc(http.notFound)));
});
