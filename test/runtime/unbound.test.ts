import { chan, context, defer, errors, go, main, nilChan, selector, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as http from "gocsp/http";
import * as rate from "gocsp/rate";
import * as semaphore from "gocsp/semaphore";
import * as singleflight from "gocsp/singleflight";
import { expect, test } from "vitest";
import { Conn } from "../../src/sql/conn.ts";
import { DB } from "../../src/sql/db.ts";
import { Row } from "../../src/sql/row.ts";
import { Rows } from "../../src/sql/rows.ts";
import { Stmt } from "../../src/sql/stmt.ts";
import { Tx } from "../../src/sql/tx.ts";
import { FlightRecorder } from "../../src/trace/recorder.ts";
import { Server as TestServer } from "../../src/http/httptest/httptest.ts";

const key = context.key<number>("n");
const [cancelable] = context.withCancel(context.background());
const [limited] = context.withTimeout(context.background(), 1e9);

/** One object of each class that a user meets. */
const objects: Record<string, object> = {
  channel: chan(),
  "nil channel": nilChan(),
  range: chan()[Symbol.asyncIterator](),
  selector: selector({ a: chan() }),
  background: context.background(),
  withCancel: cancelable,
  withTimeout: limited,
  withValue: context.withValue(context.background(), key, 1),
  withoutCancel: context.withoutCancel(cancelable),
  Embedded: new (class extends context.Embedded {})(context.background()),
  timer: time.newTimer(1e9),
  ticker: time.newTicker(1e9),
  Mutex: new sync.Mutex(),
  RWMutex: new sync.RWMutex(),
  WaitGroup: new sync.WaitGroup(),
  Once: new sync.Once(),
  Cond: new sync.Cond(new sync.Mutex()),
  Pool: new sync.Pool(),
  Map: new sync.Map(),
  "errgroup.Group": new errgroup.Group(),
  "singleflight.Group": new singleflight.Group(),
  Weighted: new semaphore.Weighted(1),
  Limiter: new rate.Limiter(1, 1),
  Reservation: new rate.Limiter(1, 1).reserve(),
  Sometimes: new rate.Sometimes({ first: 1 }),
  Addr: http.Addr.prototype,
  Server: http.Server.prototype,
  "httptest.Server": TestServer.prototype,
  DB: DB.prototype,
  Conn: Conn.prototype,
  Tx: Tx.prototype,
  Stmt: Stmt.prototype,
  Rows: Rows.prototype,
  Row: Row.prototype,
  FlightRecorder: FlightRecorder.prototype,
};

/** Returns the methods that an object has from its classes. */
function methodsOf(object: object): [name: string, method: () => unknown][] {
  const found: [string, () => unknown][] = [];
  const start = Object.hasOwn(object, "constructor") ? object : (Object.getPrototypeOf(object) as object);
  for (let type = start; type !== Object.prototype; type = Object.getPrototypeOf(type) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      // What logs and JSON call is put there by a function that all classes share.
      if (typeof value === "function" && name !== "constructor" && name !== "toJSON") {
        found.push([name, value as () => unknown]);
      }
    }
  }
  return found;
}

test.each(Object.entries(objects))("no method of %s can be passed without its object [J23]", (_, object) => {
  const methods = methodsOf(object);
  expect(methods.length).toBeGreaterThan(0);
  for (const [name, method] of methods) {
    expect(() => go(method), name).toThrow(TypeError);
    expect(() => go(method), name).toThrow(
      new RegExp(
        `^go: the method ${name} of \\w+ was passed without its object; write \\(\\) => object\\.${name}\\(…\\)$`,
      ),
    );
  }
});

const unlock = Reflect.get(new sync.Mutex(), "unlock");
const ctx = context.background();

const takers: Record<string, () => unknown> = {
  go: () => go(unlock),
  main: () => main(unlock),
  defer: () => defer(unlock),
  "WaitGroup.go": () => new sync.WaitGroup().go(unlock),
  "errgroup.go": () => new errgroup.Group().go(unlock),
  "errgroup.tryGo": () => new errgroup.Group().tryGo(unlock),
  "time.afterFunc": () => time.afterFunc(0, unlock),
  "context.afterFunc": () => context.afterFunc(ctx, unlock),
  "context.cancelFunc": () => context.cancelFunc(unlock),
  "Once.do": () => new sync.Once().do(unlock),
  "Once.doSync": () => new sync.Once().doSync(unlock),
  onceFunc: () => sync.onceFunc(unlock),
  onceValue: () => sync.onceValue(unlock),
  onceValues: () => sync.onceValues(unlock as never),
  "new Pool": () => new sync.Pool(unlock),
  "Mutex.withLock": () => new sync.Mutex().withLock(unlock),
  "singleflight.do": () => new singleflight.Group().do("key", unlock),
  "singleflight.doChan": () => new singleflight.Group().doChan("key", unlock),
  "Sometimes.do": () => new rate.Sometimes({ first: 1 }).do(unlock),
  "errors.result": () => errors.result(unlock),
  "errors.resultSync": () => errors.resultSync(unlock),
  "http.handler": () => http.handler(unlock),
  "http.fetchHandler": () => http.fetchHandler(unlock as never),
};

test.each(Object.entries(takers))("%s says so [J23]", async (_, take) => {
  const taken = async (): Promise<unknown> => take();
  await expect(taken()).rejects.toThrow(/the method unlock of Mutex was passed without its object/);
});

test("a method that is bound, or of another class, is a function like any other [J23]", async () => {
  const ch = chan<number>(2);
  class Sender {
    send(n: number): void {
      ch.trySend(n);
    }
  }
  go(ch.send.bind(ch), 1);
  expect(await ch.receive()).toBe(1);
  go(Reflect.get(new Sender(), "send"), 2);
  expect(await ch.receive()).toBe(2);
});
