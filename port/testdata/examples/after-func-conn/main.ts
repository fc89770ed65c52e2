// A blocking read made cancelable: AfterFunc interrupts it, and stop tells whether the interruption came first.
// The idea of the AfterFunc (connection) example of Go's context package, on a small connection of our own.
import { type Chan, chan, type Context, context, go, main, nilChan, select } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

const errInterrupted = new Error("read interrupted");

/** A conn knows nothing of contexts; its read waits until data or an interruption arrives. */
class Conn {
  data: Chan<string> = nilChan();
  interrupt: Chan<void> = nilChan();

  constructor(init?: Partial<Conn>) {
    Object.assign(this, init);
  }

  /** read returns false when it was interrupted. */
  async read(): Promise<[string, boolean]> {
    const op = await select({ data: this.data, interrupt: this.interrupt });
    switch (op.case) {
      case "data": {
        const s = op.value ?? "";
        return [s, true];
      }
      case "interrupt":
        return ["", false];
    }
  }
}

/** readContext reads from c and gives up when ctx ends. The connection stays usable. */
async function readContext(ctx: Context, c: Conn): Promise<[string, Error | undefined]> {
  const interrupted = chan<void>();
  const stop = context.afterFunc(ctx, async () => {
    await c.interrupt.send();
    interrupted.close();
  });
  const [s, ok] = await c.read();
  if (!stop()) {
    await interrupted.receive();
    c.interrupt.tryReceive();
    return ["", ctx.err()];
  }
  if (!ok) {
    return ["", errInterrupted];
  }
  return [s, undefined];
}

main(async () => {
  const c = new Conn({ data: chan<string>(), interrupt: chan<void>(1) });

  const [ctx, cancel] = context.withCancel(context.background());
  go(async () => await c.data.send("hello"));
  let [s, err] = await readContext(ctx, c);
  fmt.printf("%q %v\n", s, err);

  go(cancel);
  [s, err] = await readContext(ctx, c);
  fmt.printf("%q %v\n", s, err);

  go(async () => await c.data.send("still usable"));
  [s, err] = await readContext(context.background(), c);
  fmt.printf("%q %v\n", s, err);
});
