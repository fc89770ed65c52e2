// Waiting for a condition with a context: AfterFunc wakes every waiter, and each looks whether it is its own turn to
// go. The idea of the AfterFunc (cond) example of Go's context package, with channels in place of a mutex and a Cond.
import { type Chan, chan, type Context, context, defer, go, main, nilChan, type SendChan } from "gocsp";
import { put } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

/** A board holds a number; who waits for a change receives from changed, which every change closes and replaces. */
class Board {
  lock: Chan<void> = nilChan();
  changed: Chan<void> = nilChan();
  number = 0;

  constructor(init?: Partial<Board>) {
    Object.assign(this, init);
  }

  /** update changes the board under its lock and wakes everybody. */
  async update(change: () => void): Promise<void> {
    await this.lock.send();
    change();
    this.changed.close();
    this.changed = chan<void>();
    await this.lock.receive();
  }

  /** waitFor returns when the number has reached n, or with the cause when ctx ends. */
  async waitFor(ctx: Context, n: number, waiting: SendChan<void>): Promise<Error | undefined> {
    const stop = context.afterFunc(ctx, async () => await this.update(() => {}));
    using _ = defer(() => stop());

    await this.lock.send();
    await using _1 = defer(async () => {
      await this.lock.receive();
    });
    while (this.number < n) {
      if (ctx.err() !== undefined) {
        return context.cause(ctx);
      }
      const changed = this.changed;
      await this.lock.receive();
      if (waiting !== nilChan()) {
        await waiting.send();
        waiting = nilChan();
      }
      await changed.receive();
      await this.lock.send();
    }
    return undefined;
  }
}

function newBoard(): Board {
  return new Board({ lock: chan<void>(1), changed: chan<void>() });
}

main(async () => {
  const b = newBoard();
  const patient = context.background();
  const [hasty, giveUp] = context.withCancelCause(patient);

  const waiting = chan<void>();
  const results = Array.from({ length: 4 }, (): Chan<Error | undefined> => nilChan());
  for (const [i, ctx] of [patient, hasty, hasty, patient].entries()) {
    put(results, i, chan<Error | undefined>());
    go(async () => await results[i]!.send(await b.waitFor(ctx, 3, waiting)));
  }
  for (const _ of results) {
    await waiting.receive();
  }

  giveUp(new Error("out of patience"));
  fmt.println("waiter 1:", await results[1]!.receive());
  fmt.println("waiter 2:", await results[2]!.receive());

  for (let i1 = 0; i1 < 3; i1++) {
    await b.update(() => {
      b.number++;
    });
  }
  fmt.println("waiter 0:", await results[0]!.receive());
  fmt.println("waiter 3:", await results[3]!.receive());
});
