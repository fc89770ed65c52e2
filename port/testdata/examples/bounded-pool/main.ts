// A bounded pool as errgroup has it: at most three at a time, results in the order of the input. The first error is
// what wait reports; it ends the context that the others watch.
import {
  type CancelCauseFunc,
  type Chan,
  chan,
  type Context,
  context,
  defer,
  errors,
  main,
  nilChan,
  sync,
} from "gocsp";
import { Once, view } from "gocsp/golib";
import * as atomic from "gocsp/golib/atomic";
import * as fmt from "gocsp/golib/fmt";
import * as strconv from "gocsp/golib/strconv";

/** A group is the part of errgroup.Group that is needed here. */
class Group {
  wg = new sync.WaitGroup();
  slots: Chan<void> = nilChan();
  once = new Once();
  err: Error | undefined;
  cancel!: CancelCauseFunc;

  constructor(init?: Partial<Group>) {
    Object.assign(this, init);
  }

  async start(f: () => Error | undefined | Promise<Error | undefined>): Promise<void> {
    await this.slots.send();
    this.wg.go(async () => {
      const err = await f();
      if (err !== undefined) {
        this.once.do(() => {
          this.err = err;
          this.cancel(err);
        });
      }
      await this.slots.receive();
    });
  }

  async wait(): Promise<Error | undefined> {
    await this.wg.wait();
    this.cancel(this.err);
    return this.err;
  }
}

function withContext(ctx: Context, limit: number): [Group, Context] {
  let cancel: CancelCauseFunc;
  [ctx, cancel] = context.withCancelCause(ctx);
  return [new Group({ slots: chan<void>(limit), cancel }), ctx];
}

async function squares(ctx: Context, inputs: string[]): Promise<[number[], Error | undefined]> {
  let g: Group;
  [g, ctx] = withContext(ctx, 3);
  const results = new Array<number>(inputs.length).fill(0);
  let failed = -1;
  const active = new atomic.Int32();
  const most = new atomic.Int32();
  for (const [i, input] of inputs.entries()) {
    await g.start(async (): Promise<Error | undefined> => {
      const n = active.add(1);
      if (n > most.load()) {
        most.store(n);
      }
      using _ = defer(active.add.bind(active, -1));
      const [n1, err] = strconv.atoi(input);
      if (err !== undefined) {
        failed = i;
        return fmt.errorf("job %d: %q is no number", i, input);
      }
      if (input === "0") {
        await ctx.done().receive();
        return ctx.err();
      }
      results[i] = n1 * n1;
      return undefined;
    });
  }
  const err = await g.wait();
  console.log("never more than three:", most.load() <= 3);
  if (err !== undefined) {
    console.log("the cause is the error:", context.cause(ctx) === err);
    console.log("canceled:", errors.is(ctx.err(), context.canceled));
    return [view(results, 0, failed), err];
  }
  return [results, undefined];
}

main(async () => {
  fmt.println(...await squares(context.background(), ["3", "1", "4", "1", "5", "9", "2", "6", "5", "3"]));
  // A zero waits until the context ends.
  fmt.println(...await squares(context.background(), ["2", "7", "1", "x", "0", "0", "0"]));
});
