// One scenario, named by the first argument, in which a goroutine ends in an error that many share.
import { chan, context, go, main, select, sync, time } from "gocsp";
import { Weighted } from "gocsp/semaphore";
import * as sql from "gocsp/sql";
import { sqlite } from "gocsp/sql/sqlite";

const jobs = chan<number>();

/** Other goroutines that end with the same context, before, with and after the one that fails, and recover. */
function crowd(ctx: context.Context): void {
  for (let i = 0; i < 3; i++) {
    go(async () => {
      await jobs.receive(ctx).catch(() => undefined);
    });
  }
}

async function awhile(): Promise<void> {
  await time.sleep(30);
}

const scenarios: Record<string, (ctx: context.Context) => Promise<unknown>> = {
  async receive(ctx) {
    await jobs.receive(ctx); // @receive
  },
  async ended(ctx) {
    await awhile();
    await jobs.send(1, ctx); // @ended
  },
  async range(ctx) {
    for await (const _ of jobs.range(ctx)); // @range
  },
  async thrown(ctx) {
    const op = await select({ done: ctx.done(), jobs });
    if (op.case === "done") throw ctx.err(); // @thrown
  },
  async lock(ctx) {
    const mu = new sync.Mutex();
    await mu.lock();
    await mu.lock(ctx); // @lock
  },
  async acquire(ctx) {
    await new Weighted(1).acquire(ctx, 2); // @acquire
  },
  async "cleaning up"(ctx) {
    try {
      await jobs.receive(ctx); // @cleaning up
    } finally {
      await awhile();
    }
  },
  async rows() {
    await using db = sql.open(sqlite(":memory:"));
    await db.queryRow("SELECT 1 WHERE 0").scan(sql.int); // @rows
  },
};

const [ctx, cancel] = context.withCancel(context.background());

async function worker(scenario: string, ctx: context.Context): Promise<void> {
  await scenarios[scenario]?.(ctx);
}

const [scenario = "", how] = process.argv.slice(2);
if (how === "main") {
  time.afterFunc(5, cancel);
  main(async () => {
    crowd(ctx);
    await scenarios[scenario]?.(ctx);
  });
} else {
  time.afterFunc(5, cancel);
  crowd(ctx);
  if (how === "named") go(worker, scenario, ctx);
  // prettier-ignore
  else
    go(async () => {
      await scenarios[scenario]?.(ctx);
    }); // @nameless
  crowd(ctx);
}
