// Every misuse that panics, and the exact text of each; a panic that is recovered affects nothing else.
// In TypeScript a panic is a thrown PanicError and recover is catch.
import { chan, context, type Context, main, nilChan, PanicError, type ReceiveChan, select, send, time } from "gocsp";

const attempt = async (what: string, f: () => unknown) => {
  try {
    await f();
    console.log(`${what}: <nil>`);
  } catch (err) {
    if (!(err instanceof PanicError)) throw err;
    console.log(`${what}: ${err.message}`);
  }
};

const key = context.key<number>("key");

/** Its done channel is closed, but it has no error. */
class Broken implements Context {
  done(): ReceiveChan<never> {
    const done = chan<never>();
    done.close();
    return done;
  }

  err() {
    return undefined;
  }

  deadline() {
    return undefined;
  }

  value() {
    return undefined;
  }
}

main(async () => {
  const closed = chan<number>();
  closed.close();
  await attempt("send", () => closed.send(1));
  await attempt("close again", () => closed.close());
  await attempt("send in a select", () => select({ sent: send(closed, 1), received: chan<number>() }));
  await attempt("send in a select with default", () => select({ sent: send(closed, 1), default: true }));
  await attempt("close nil", () => nilChan<number>().close());
  await attempt("negative size", () => chan<number>(-1));

  const none = null as unknown as Context;
  await attempt("WithCancel", () => context.withCancel(none));
  await attempt("WithCancelCause", () => context.withCancelCause(none));
  await attempt("WithDeadline", () => context.withDeadline(none, new Date()));
  await attempt("WithTimeout", () => context.withTimeout(none, time.second));
  await attempt("WithValue", () => context.withValue(none, key, 1));
  await attempt("WithoutCancel", () => context.withoutCancel(none));
  await attempt("no key", () => context.withValue(context.background(), null, 1));
  await attempt("no error", () => context.withCancel(new Broken()));

  await attempt("NewTicker", () => time.newTicker(0));
  const ticker = time.newTicker(1 * time.hour);
  await attempt("Ticker.Reset", () => ticker.reset(-1 * time.second));

  await attempt("nothing", () => {});
  console.log("still running");
});
