// A blocking read made cancelable: afterFunc interrupts it, and stop tells whether the interruption came first.
// The idea of the AfterFunc (connection) example of Go's context package, on a small connection of our own.
import { chan, context, type Context, go, main, select } from "gocsp";

const errInterrupted = new Error("read interrupted");

/** A Conn does not support contexts: its read waits until data or an interruption arrives. */
class Conn {
  readonly data = chan<string>();
  readonly interrupt = chan<void>(1);

  /** Returns undefined when it was interrupted. */
  async read(): Promise<string | undefined> {
    const op = await select({ data: this.data, interrupt: this.interrupt });
    return op.case === "data" ? op.value : undefined;
  }
}

/** Reads from `c` and gives up when `ctx` ends. The connection stays usable. */
const readContext = async (ctx: Context, c: Conn): Promise<string> => {
  const interrupted = chan<never>();
  const stop = context.afterFunc(ctx, async () => {
    await c.interrupt.send();
    interrupted.close();
  });
  const read = await c.read();
  if (!stop()) {
    await interrupted.receive();
    c.interrupt.tryReceive(); // no read was waiting: the next one must not receive it
    throw ctx.err();
  }
  if (read === undefined) throw errInterrupted;
  return read;
};

const show = async (ctx: Context, c: Conn) => {
  try {
    console.log(JSON.stringify(await readContext(ctx, c)), "<nil>");
  } catch (err) {
    console.log('""', (err as Error).message);
  }
};

main(async () => {
  const c = new Conn();

  const [ctx, cancel] = context.withCancel(context.background());
  go(() => c.data.send("hello"));
  await show(ctx, c);

  go(cancel);
  await show(ctx, c);

  go(() => c.data.send("still usable"));
  await show(context.background(), c);
});
