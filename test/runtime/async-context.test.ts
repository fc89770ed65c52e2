// Every user function that the library calls later runs in the asynchronous context in which it was passed.
// One table over all public functions that take one; it is compared with the exports, so that none can be forgotten.
import * as gocsp from "gocsp";
import { type Context, chan, context, defer, errors, go, select, selector, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as diagnostics from "gocsp/diagnostics";
import * as events from "gocsp/events";
import * as http from "gocsp/http";
import * as rate from "gocsp/rate";
import * as runtime from "gocsp/runtime";
import * as semaphore from "gocsp/semaphore";
import * as signal from "gocsp/signal";
import * as singleflight from "gocsp/singleflight";
import * as stream from "gocsp/stream";
import * as sql from "gocsp/sql";
import * as driver from "gocsp/sql/driver";
import * as drivertest from "gocsp/sql/drivertest";
import { AsyncLocalStorage } from "node:async_hooks";
import { createServer, get } from "node:http";
import { afterAll, describe, expect, test } from "vitest";
import { atEnd, expectNothingOpen, listen } from "../http/server.ts";
import { turn } from "../support/settle.ts";

expectNothingOpen();

const storage = new AsyncLocalStorage<string>();

/** Says in which context it is called. The library calls it, or a function that calls it. */
type See = () => void;

/**
 * Passes `see` to the library. Returns a function that makes the library call it, if that is needed: it is called in
 * another context.
 */
type HandOver = (see: See) => void | (() => void) | Promise<void | (() => void)>;

/** The ways in which a function can be passed, by the export that takes it. */
const table: Record<string, Record<string, HandOver>> = {
  go: { "a function": (see) => go(see), "a function that waits": (see) => go(async () => (await gosched(), see())) },
  defer: {
    "for somebody else's block": (see) => {
      const deferred = defer(see);
      return () => deferred[Symbol.dispose]();
    },
    "a function that waits": (see) => {
      const deferred = defer(async () => (await gosched(), see()));
      return () => void deferred[Symbol.asyncDispose]();
    },
  },
  "sync.WaitGroup.go": { "a function": (see) => new sync.WaitGroup().go(see) },
  "sync.Once.do": { "a function": (see) => new sync.Once().do(see) },
  "sync.onceFunc": { "first called by somebody else": (see) => sync.onceFunc(see) },
  "sync.onceValue": { "first called by somebody else": (see) => sync.onceValue(() => (see(), 1)) },
  "sync.onceValues": { "first called by somebody else": (see) => sync.onceValues(() => (see(), [1, 2])) },
  "sync.Pool": {
    "first used by somebody else": (see) => {
      const pool = new sync.Pool(() => (see(), 1));
      return () => pool.get();
    },
  },
  "sync.Mutex.withLock": {
    "while somebody else holds the lock": async (see) => {
      const mu = new sync.Mutex();
      await mu.lock();
      void mu.withLock(see);
      return () => mu.unlock();
    },
  },
  "sync.Map.range": {
    "a function": (see) => {
      const map = new sync.Map<number, number>();
      map.store(1, 1);
      map.range(() => (see(), true));
    },
  },
  "errgroup.Group.go": {
    "without a limit": (see) => new errgroup.Group().go(see),
    "under a limit that is exhausted": async (see) => {
      const group = new errgroup.Group();
      group.setLimit(1);
      const first = chan<void>();
      await group.go(() => first.receive());
      void group.go(see);
      return () => first.close();
    },
  },
  "errgroup.Group.tryGo": { "a function": (see) => void new errgroup.Group().tryGo(see) },
  "events.receive": {
    "that maps what somebody else emits": (see) => {
      const target = new EventTarget();
      const ticks = events.receive(context.background(), target, "tick", { map: see });
      return () => {
        target.dispatchEvent(new Event("tick"));
        events.stop(ticks);
      };
    },
  },
  "singleflight.Group.do": { "the first call": (see) => void new singleflight.Group().do("key", see) },
  "singleflight.Group.doResult": { "the first call": (see) => void new singleflight.Group().doResult("key", see) },
  "singleflight.Group.doChan": { "the first call": (see) => void new singleflight.Group().doChan("key", see) },
  "time.afterFunc": {
    "at once": (see) => void time.afterFunc(0, see),
    "all at the same time": (see) => void time.afterFunc(2, see),
    "after a reset by somebody else": (see) => {
      const timer = time.afterFunc(60_000, see);
      return () => timer.reset(1);
    },
    "twice, after a reset by somebody else": (see) => {
      const again = (): void => void timer.reset(0);
      let first = true;
      const timer = time.afterFunc(0, () => {
        if (!first) return see();
        first = false;
        storage.run("foreign", again);
      });
    },
  },
  "context.onEnd": {
    "canceled by somebody else": (see) => {
      const [ctx, cancel] = context.withCancel(context.background());
      context.onEnd(ctx, see);
      return cancel;
    },
    "at a deadline": (see) => void context.onEnd(context.withTimeout(context.background(), 2)[0], see),
    "of a user's context, by its channel": (see) => {
      const ended = chan<never>();
      context.onEnd(custom(ended), see);
      return () => ended.close();
    },
  },
  "context.cancelFunc": { "called by somebody else": (see) => context.cancelFunc(see) },
  "context.afterFunc": {
    "canceled by somebody else": (see) => {
      const [ctx, cancel] = context.withCancel(context.background());
      context.afterFunc(ctx, see);
      return cancel;
    },
    "of a child whose parent somebody else cancels": (see) => {
      const [parent, cancel] = context.withCancelCause(context.background());
      context.afterFunc(context.withTimeout(context.withValue(parent, "key", 1), 60_000)[0], see);
      return () => cancel(new Error("enough"));
    },
    "at a deadline": (see) => void context.afterFunc(context.withTimeout(context.background(), 2)[0], see),
    "of a context that has ended": (see) =>
      void context.afterFunc(context.withTimeout(context.background(), 0)[0], see),
    "of a user's context, by its channel": (see) => {
      const ended = chan<never>();
      context.afterFunc(custom(ended), see);
      return () => ended.close();
    },
    "of a user's context, by its method": (see) => {
      const ended = chan<never>();
      const calls: (() => void)[] = [];
      const afterFunc = (f: () => void): (() => boolean) => (calls.push(f), () => true);
      context.afterFunc(Object.assign(custom(ended), { afterFunc }), see);
      return () => {
        ended.close();
        for (const call of calls) call();
      };
    },
    "of a child of a user's context": (see) => {
      const ended = chan<never>();
      context.afterFunc(context.withCancel(custom(ended))[0], see);
      return () => ended.close();
    },
    "of a signal that somebody else aborts": (see) => {
      const controller = new AbortController();
      context.afterFunc(context.fromSignal(context.background(), controller.signal)[0], see);
      return () => controller.abort();
    },
  },
  "context.signal": {
    "a listener": (see) => {
      const [ctx, cancel] = context.withCancel(context.background());
      context.signal(ctx).addEventListener("abort", see, { once: true });
      return cancel;
    },
    "a listener that is an object": (see) => {
      const [ctx, cancel] = context.withCancel(context.background());
      context.signal(ctx).addEventListener("abort", { handleEvent: see }, { capture: true });
      return cancel;
    },
    "the handler": (see) => {
      const [ctx, cancel] = context.withCancel(context.background());
      context.signal(ctx).onabort = see;
      return cancel;
    },
    "a listener at a deadline": (see) =>
      context.signal(context.withTimeout(context.background(), 250)[0]).addEventListener("abort", see),
    "a listener of a signal that all share": (see) => {
      context.signal(sharedCtx()).addEventListener("abort", see);
      return endShared;
    },
    "a listener of a signal of another signal": (see) => {
      const controller = new AbortController();
      const [ctx] = context.fromSignal(context.background(), controller.signal);
      context.signal(ctx).addEventListener("abort", see);
      return () => controller.abort();
    },
  },
  "signal.notifyContext": {
    "a function of its context": (see) => {
      const [ctx, stop] = signal.notifyContext(context.background(), "SIGUSR2");
      context.afterFunc(ctx, () => (stop(), see()));
      return () => process.emit("SIGUSR2");
    },
  },
  "rate.Sometimes.do": { "a function": (see) => new rate.Sometimes({ first: 1 }).do(see) },
  "http.Server.registerOnShutdown": {
    "a function": (see) => {
      const server = new http.Server({ handler: () => undefined });
      server.registerOnShutdown(see);
      return () => void server.shutdown(context.background());
    },
  },
  "sql/driver.interruptible": {
    "the cancel, sent again and again": (see) => {
      const [ctx, cancel] = context.withCancel(context.background());
      const failed = chan<never>();
      let cancels = 0;
      driver
        .interruptible(ctx, async () => failed.receive(), {
          cancel: async () => {
            // The second one is sent by a timer.
            if (++cancels === 1) return;
            see();
            failed.close();
          },
          wasStopped: () => true,
          destroy: () => undefined,
        })
        .catch(() => undefined);
      return cancel;
    },
    "the run": (see) => void driver.interruptible(context.background(), async () => see(), {} as driver.Interrupt),
  },
  "sql.open": {
    "a rollback because a context has ended": async (see) => {
      const db = sql.open(rollingBack(see));
      const [ctx, cancel] = context.withCancel(context.background());
      await db.beginTx(ctx);
      return cancel;
    },
  },
};

/** Public functions that take a function and are tested elsewhere, or call it at once and never later. */
const elsewhere: Record<string, string> = {
  main: "once in a process: test/runtimes/programs/async-contexts.mjs",
  "runtime.attach": "hooks belong to no goroutine: they are called where things happen",
  "errors.as": "calls its function and methods of the errors at once",
  "errors.result": "calls its function at once",
  "errors.resultSync": "calls its function at once",
  "sync.Once.doSync": "calls its function at once",
  "http.handler": "below, with a hundred connections; it runs in the context of its request",
  "http.handlerFunc": "returns a handler, which runs in the context of its request",
  "http.timeoutHandler": "below",
  "http.fetchHandler": "runs in the context of its request, on the stack of the host's call",
  "http.Server": "below; handlers run in the context of their request",
  "sql/drivertest.conformance": "a suite of tests",
  "sql.array": "its scanner calls the function at once, for the one who scans",
  "sql.json": "its scanner calls the function at once, for the one who scans",
  "sync.Cond": "awaits the methods of its lock, in the context of the one who waits",
};

/** Public functions and methods that take no function. */
const takeNone = new Set(
  `PanicError chan mustReceive errors.errorf context.Embedded context.Embedded.deadline context.Embedded.done context.Embedded.err
   context.Embedded.lookUp context.Embedded.value context.background context.cause context.fromSignal context.key context.todo context.withCancel
   context.withCancelCause context.withDeadline context.withDeadlineCause context.withTimeout context.withTimeoutCause
   context.withValue context.withoutCancel errors.is errors.join errors.unwrap gosched nilChan recover runtime.isGoexit select selectList selector send
   sync.Cond.wait sync.Cond.signal sync.Cond.broadcast sync.Map sync.Map.load sync.Map.store sync.Map.loadOrStore
   sync.Map.loadAndDelete sync.Map.delete sync.Map.swap sync.Map.compareAndSwap sync.Map.compareAndDelete sync.Map.clear
   sync.Mutex sync.Mutex.lock sync.Mutex.tryLock sync.Mutex.unlock sync.Once sync.Pool.get sync.Pool.put sync.RWMutex
   sync.RWMutex.lock sync.RWMutex.tryLock sync.RWMutex.unlock sync.RWMutex.rLock sync.RWMutex.tryRLock
   sync.RWMutex.rUnlock sync.RWMutex.rLocker sync.WaitGroup sync.WaitGroup.add sync.WaitGroup.done sync.WaitGroup.wait
   time.Ticker time.Ticker.stop time.Ticker.reset time.Timer time.Timer.stop time.Timer.reset time.after
   time.add time.formatDuration time.newTicker time.now time.parseDuration time.round time.since time.sub time.truncate time.until time.newTimer time.sleep time.tick
   runtime.goexit runtime.numGoroutine runtime.seed
   errgroup.Group errgroup.Group.setLimit errgroup.Group.wait errgroup.withContext
   semaphore.Weighted semaphore.Weighted.acquire semaphore.Weighted.tryAcquire semaphore.Weighted.release
   singleflight.Group singleflight.Group.forget
   rate.Limiter rate.Limiter.limit rate.Limiter.burst rate.Limiter.tokens rate.Limiter.tokensAt rate.Limiter.allow
   rate.Limiter.allowN rate.Limiter.reserve rate.Limiter.reserveN rate.Limiter.wait rate.Limiter.waitN
   rate.Limiter.setLimit rate.Limiter.setLimitAt rate.Limiter.setBurst rate.Limiter.setBurstAt rate.Sometimes rate.every
   signal.ignore signal.ignored signal.notify signal.reset signal.signalName signal.stop
   http.Addr http.Addr.network http.Server.listen http.Server.listenAndServe http.Server.serve
   http.Server.addr http.Server.shutdown http.Server.close http.context http.fetch http.newRequestWithContext
   http.setContext http.shutdown http.withContext http.url.Error http.url.Error.unwrap http.url.Error.timeout
   http.url.Error.temporary http.url.withoutPassword
   sql.StoppedError sql.StoppedError.is sql.any sql.bigint sql.bool sql.bytes sql.float sql.int sql.named sql.nullable
   sql.string sql.time sql/driver.DriverError sql/driver.loadPackage
   sql/driver.isValue sql/driver.resultNoRows.lastInsertId sql/driver.resultNoRows.rowsAffected
   diagnostics.traceGoroutines events.cause events.dropped events.notify events.stop stream.cause stream.receive stream.stop
   sql/driver.RowsAffected sql/driver.RowsAffected.lastInsertId sql/driver.RowsAffected.rowsAffected`.split(/\s+/),
);

test("the table knows every public function [J21]", () => {
  const packages = {
    "": gocsp,
    runtime,
    errgroup,
    semaphore,
    singleflight,
    rate,
    signal,
    diagnostics,
    events,
    stream,
    http,
    sql,
    "sql/driver": driver,
  };
  const names = Object.entries({ ...packages, "sql/drivertest": drivertest }).flatMap(([name, exports]) =>
    functionsIn(exports, name === "" ? "" : `${name}.`),
  );
  const known = [...Object.keys(table), ...Object.keys(elsewhere), ...takeNone];
  expect(new Set(known).size).toBe(known.length);
  expect(known.filter((name) => !names.includes(name))).toEqual([]);
  expect([...new Set(names)].filter((name) => !known.includes(name))).toEqual([]);
});

const seenFunctions = new Set<unknown>();

function functionsIn(exports: object, prefix: string): string[] {
  return Object.entries(exports).flatMap(([key, value]: [string, unknown]): string[] => {
    if (seenFunctions.has(value) || value instanceof Error) return [];
    if (typeof value === "object" && value !== null) return functionsIn(value, `${prefix}${key}.`);
    if (typeof value !== "function") return [];
    seenFunctions.add(value);
    const prototype: object = (value.prototype as object | undefined) ?? {};
    const methods = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(
      ([name, { value }]) => !["constructor", "toString", "toJSON"].includes(name) && typeof value === "function",
    );
    return [""].concat(methods.map(([name]) => `.${name}`)).map((method) => `${prefix}${key}${method}`);
  });
}

const gosched = gocsp.gosched;

/** A context of the user's with a channel of its own. */
function custom(ended: gocsp.Chan<never>): Context {
  return {
    deadline: () => undefined,
    done: () => ended,
    err: () => (ended.tryReceive() === undefined ? undefined : context.canceled),
    value: () => undefined,
    toString: () => "custom",
  } as Context;
}

let shared: [ctx: Context, cancel: () => void] | undefined;

function sharedCtx(): Context {
  shared ??= context.withCancel(context.background());
  return shared[0];
}

function endShared(): void {
  shared?.[1]();
  shared = undefined;
}

/** A database that can only begin a transaction and roll it back. */
function rollingBack(see: See): driver.Connector {
  const tx: driver.Tx = { commit: async () => undefined, rollback: async () => see() };
  const never = async (): Promise<never> => Promise.reject(new Error("not here"));
  return { connect: async () => ({ prepare: never, begin: async () => tx, close: async () => undefined }) };
}

/** Works without a pause until goroutines owe the event loop a turn. */
function oweTurn(): void {
  const ch = chan<number>(1);
  const start = performance.now();
  while (performance.now() - start < 5) {
    ch.trySend(1);
    ch.tryReceive();
  }
}

/** What happens before the functions are passed, and before the library is made to call them. */
const moments: Record<string, { before?: () => void; trigger: (call: () => void) => void }> = {
  "by somebody in the same tick": { trigger: (call) => call() },
  "after a turn is owed": { before: oweTurn, trigger: (call) => (oweTurn(), call()) },
  "from a timer of the host": { trigger: (call) => void setTimeout(call, 1) },
  "from a goroutine": { trigger: (call) => go(call) },
  "from an alarm, under load": { before: rally, trigger: (call) => void time.afterFunc(1, call) },
};

let endRally = (): void => undefined;

/** Starts two goroutines that send to each other without a pause, until the test is over. */
function rally(): void {
  const over = chan<never>();
  const ball = chan<void>();
  go(async () => {
    while ((await select({ ball, over })).case === "ball");
  });
  go(async () => {
    while ((await select({ sent: gocsp.send(ball, undefined), over })).case === "sent");
  });
  endRally = () => over.close();
}

const stores = 40;

describe.each(Object.keys(moments))("%s", (moment) => {
  const { before, trigger } = moments[moment] as (typeof moments)[string];
  const ways = Object.entries(table).flatMap(([name, ways]) =>
    Object.entries(ways).map(([way, f]) => ({ name, way, f })),
  );

  test.each(ways)("$name runs a function in the context in which it was passed: $way [J21]", async ({ f }) => {
    const seen: (string | undefined)[][] = [];
    const triggers: (() => void)[] = [];
    storage.run("foreign", () => before?.());
    const handOvers = Array.from({ length: stores }, (_, i) => {
      const see = (): void => void seen.push([`store ${i}`, storage.getStore()]);
      return storage.run(`store ${i}`, () => f(see));
    });
    for (const handOver of handOvers) {
      const call = await handOver;
      if (call !== undefined) triggers.push(call);
    }
    storage.run("foreign", () =>
      trigger(() => {
        for (const call of triggers) call();
      }),
    );
    while (seen.length < stores) await turn();
    endRally();
    endRally = () => undefined;
    expect(seen.filter(([own, found]) => own !== found)).toEqual([]);
    expect(seen.length).toBe(stores);
  });
});

describe("a server with a hundred connections", () => {
  const foreign: string[] = [];
  let calls = 0;

  const look = (own: string): void => {
    calls++;
    const found = storage.getStore();
    if (found !== own) foreign.push(`${own} saw ${found}`);
  };

  /** Does a bit of everything, as a handler does. */
  const work = async (ctx: Context, own: string, mu: sync.Mutex, jobs: gocsp.Chan<() => void>): Promise<void> => {
    const check = (): void => look(own);
    using _ = defer(check);
    context.afterFunc(ctx, check);
    context.signal(ctx).addEventListener("abort", check);
    const group = new errgroup.Group();
    group.setLimit(2);
    for (let i = 0; i < 5; i++) {
      await group.go(async () => {
        check();
        await time.sleep(1);
        check();
      });
    }
    await group.wait();
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 5; i++) wg.go(check);
    await wg.wait();
    await new singleflight.Group().do("key", async () => (check(), time.sleep(1), check()));
    const rung = chan<void>();
    time.afterFunc(1, () => (check(), rung.close()));
    await rung.receive();
    check();
    await mu.withLock(async () => (await time.sleep(0), check()));
    await jobs.send(check);
    check();
    const [inner, cancel] = context.withTimeout(ctx, 1);
    using _1 = cancel;
    await select({ done: inner.done(), never: chan() });
    check();
    await new semaphore.Weighted(1).acquire(ctx);
    check();
  };

  afterAll(() => {
    foreign.length = calls = 0;
  });

  test.each(["handler", "timeoutHandler", "Server"])("%s sees no foreign store [J21]", async (kind) => {
    const mu = new sync.Mutex();
    const jobs = chan<() => void>();
    // A worker that belongs to no request.
    storage.run("worker", () =>
      go(async () => {
        for await (const job of jobs) expect(job).toBeTypeOf("function");
      }),
    );
    const handle = async (ctx: Context, own: string, end: () => void): Promise<void> => {
      await work(ctx, own, mu, jobs);
      look(own);
      end();
    };
    const plain: http.Handler = (ctx, req, res) => handle(ctx, storage.getStore() as string, () => res.end(req.url));
    const handler = http.handler(kind === "timeoutHandler" ? http.timeoutHandler(plain, 60_000) : plain);
    let url: string;
    if (kind === "Server") {
      // As instrumentation does it: the context is entered before the server's own listener.
      const server = new http.Server({
        addr: "127.0.0.1:0",
        handler: async (ctx, req, res) => storage.run(req.url as string, () => plain(ctx, req, res)),
      });
      await server.listen();
      atEnd(() => server.close());
      url = `http://${server.addr()}`;
    } else {
      url = (await listen(createServer((req, res) => storage.run(req.url as string, () => handler(req, res))))).url;
    }
    const answers = Array.from(
      { length: 100 },
      (_, i) =>
        new Promise<void>((resolve) => {
          const request = get(`${url}/${i}`, { agent: false }, (response) => response.resume().on("end", resolve));
          // Every tenth leaves, and its context ends by an event of its connection.
          if (i % 10 === 9) setTimeout(() => request.destroy(), 3);
          request.on("error", () => resolve());
        }),
    );
    await Promise.all(answers);
    jobs.close();
    while (runtime.numGoroutine() > 1) await turn();
    expect(foreign).toEqual([]);
    expect(calls).toBeGreaterThan(1000);
  });
});

test("starts keep their contexts and their order when a turn becomes owed on the way [J12] [J21]", async () => {
  const started: string[] = [];
  const want = Array.from({ length: 300 }, (_, n) => String(n));
  for (const n of want) {
    storage.run(n, () =>
      go(() => {
        started.push(storage.getStore() as string);
        if (started.length % 50 === 7) oweTurn();
        // These are younger than all waiters, also if they are started while those wait for the turn.
        if (Number(n) < 100) {
          want.push(`after ${n}`);
          storage.run(`after ${n}`, () => go(() => started.push(storage.getStore() as string)));
        }
      }),
    );
  }
  while (started.length < 400) await turn();
  expect(started).toEqual(want);
});

test("an abort listener is known by its identity, as with every signal [X64] [J21]", () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const abort = context.signal(ctx);
  const heard: string[] = [];
  const twice = (event: Event): void => void heard.push(`twice ${event.type}`);
  const removed = (): void => void heard.push("removed");
  storage.run("one", () => abort.addEventListener("abort", twice));
  storage.run("two", () => abort.addEventListener("abort", twice));
  abort.addEventListener("abort", removed);
  abort.addEventListener("abort", removed, true);
  abort.removeEventListener("abort", removed);
  abort.removeEventListener("abort", removed, true);
  abort.addEventListener("abort", function (this: AbortSignal) {
    heard.push(`this ${this === abort}`);
  });
  abort.onabort = removed;
  abort.onabort = null;
  expect(abort.onabort).toBeNull();
  expect(Object.keys(abort)).toEqual([]);
  cancel();
  expect(heard).toEqual(["twice abort", "this true"]);
  expect(errors.is(abort.reason, context.canceled)).toBe(true);
});

test("a reusable select resumes in the context of its waiter [J21]", async () => {
  const ch = chan<number>();
  const wait = selector({ ch });
  const waited = storage.run("waits", async () => (await wait.select(), storage.getStore()));
  storage.run("sends", () => ch.trySend(1));
  expect(await waited).toBe("waits");
});
