// An errgroup: three pages are loaded beside each other, the first error ends the context of the others, and wait returns it.
// The caller reads one error, and knows that nobody is at work any more.
import { type CancelFunc, type Context, context, main, select, sync, time } from "gocsp";
import { Once } from "gocsp/golib";
import * as atomic from "gocsp/golib/atomic";
import * as fmt from "gocsp/golib/fmt";

/** A group is as much of golang.org/x/sync/errgroup as this needs. */
class Group {
  wg = new sync.WaitGroup();
  once = new Once();
  err: Error | undefined;
  cancel!: CancelFunc;

  constructor(init?: Partial<Group>) {
    Object.assign(this, init);
  }

  go(f: () => Error | undefined | Promise<Error | undefined>): void {
    this.wg.go(async () => {
      const err = await f();
      if (err !== undefined) {
        this.once.do(() => {
          this.err = err;
          this.cancel();
        });
      }
    });
  }

  async wait(): Promise<Error | undefined> {
    await this.wg.wait();
    this.cancel();
    return this.err;
  }
}

function withContext(parent: Context): [Group, Context] {
  const [ctx, cancel] = context.withCancel(parent);
  return [new Group({ cancel }), ctx];
}

const calledOff = new atomic.Int32();

async function load(ctx: Context, page: string): Promise<Error | undefined> {
  if (page === "b") {
    return new Error("page b is down");
  }
  const op = await select({ after: time.after(1 * time.hour), done: ctx.done() });
  switch (op.case) {
    case "after":
      return undefined;
    case "done":
      calledOff.add(1);
      return ctx.err();
  }
}

main(async () => {
  const [g, ctx] = withContext(context.background());
  for (const page of ["a", "b", "c"]) {
    g.go(async () => await load(ctx, page));
  }
  const err = await g.wait();
  if (err !== undefined) {
    fmt.println("failed:", err);
  }
  console.log("called off:", calledOff.load());
});
