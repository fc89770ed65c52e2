// Waiting for a condition with a context: afterFunc wakes every waiter, and each checks whether it has to
// go. The idea of the AfterFunc (cond) example of Go's context package, with channels in place of a mutex and a Cond.
import { chan, context, type Context, defer, go, main, type SendChan } from "gocsp";

/** A Board holds a number. A waiter receives from `changed`, which every change closes and replaces. */
class Board {
  #lock = chan<void>(1);
  #changed = chan<never>();
  number = 0;

  /** Changes the board under its lock and wakes all waiters. */
  async update(change: () => void) {
    await this.#lock.send();
    change();
    this.#changed.close();
    this.#changed = chan<never>();
    await this.#lock.receive();
  }

  /** Returns when the number has reached `n`, or throws the cause when `ctx` ends. */
  async waitFor(ctx: Context, n: number, waiting: SendChan<void> | null): Promise<void> {
    const stop = context.afterFunc(ctx, () => this.update(() => {}));
    using _stop = defer(stop);

    await this.#lock.send();
    await using _unlock = defer(() => this.#lock.receive());
    while (this.number < n) {
      if (ctx.err()) throw context.cause(ctx);
      const changed = this.#changed;
      await this.#lock.receive();
      if (waiting) {
        await waiting.send();
        waiting = null;
      }
      await changed.receive();
      await this.#lock.send();
    }
  }
}

main(async () => {
  const b = new Board();
  const patient = context.background();
  const [hasty, giveUp] = context.withCancelCause(patient);

  const waiting = chan<void>();
  const results = [chan<string>(), chan<string>(), chan<string>(), chan<string>()] as const;
  for (const [i, ctx] of [patient, hasty, hasty, patient].entries()) {
    go(async () => {
      try {
        await b.waitFor(ctx, 3, waiting);
        await results[i]!.send("<nil>");
      } catch (err) {
        await results[i]!.send((err as Error).message);
      }
    });
  }
  for (const _ of results) await waiting.receive();

  giveUp(new Error("out of patience"));
  console.log("waiter 1:", await results[1].receive());
  console.log("waiter 2:", await results[2].receive());

  for (let i = 0; i < 3; i++) await b.update(() => b.number++);
  console.log("waiter 0:", await results[0].receive());
  console.log("waiter 3:", await results[3].receive());
});
