// Every misuse that panics, and the exact text of each; a panic that is recovered harms nobody else.
// In TypeScript a panic is a thrown PanicError and recover is catch.
import { type Chan, chan, type Context, context, type Key, main, nilChan, type ReceiveChan, select, send } from "gocsp";
import { deferring, interned } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as time from "gocsp/golib/time";

async function try_(what: string, f: () => void | Promise<void>): Promise<void> {
  await deferring(async (deferred) => {
    deferred((recover) => {
      fmt.printf("%s: %v\n", what, recover());
    });
    await f();
  });
}

/** use makes a value count as used. */
function use(..._: unknown[]): void {}

class Key_ {}

/** broken says it is done and cannot say why. */
class Broken {
  context!: Context;

  constructor(init?: Partial<Broken>) {
    Object.assign(this, init);
  }

  done(): ReceiveChan<never> {
    const done = chan<void>();
    done.close();
    return done as ReceiveChan<never>;
  }

  deadline(): Date | undefined {
    return this.context.deadline();
  }

  err(): Error | undefined {
    return this.context.err();
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return this.context.value(key);
  }
}

main(async () => {
  const closed = chan<number>();
  closed.close();
  await try_("send", async () => await closed.send(1));
  await try_("close again", () => closed.close());
  await try_("send in a select", async () => {
    await select({ sent: send(closed, 1), make: chan<number>() });
  });
  await try_("send in a select with default", () => {
    closed.trySend(1);
  });
  await try_("close nil", () => {
    const none: Chan<number> = nilChan();
    none.close();
  });
  const size = -1;
  await try_("negative size", () => {
    chan<number>(size);
  });

  let none: Context | undefined;
  await try_("WithCancel", () => use(...context.withCancel(none!)));
  await try_("WithCancelCause", () => {
    context.withCancelCause(none!);
  });
  await try_("WithDeadline", () => use(...context.withDeadline(none!, time.now())));
  await try_("WithTimeout", () => use(...context.withTimeout(none!, time.second)));
  await try_("WithValue", () => use(context.withValue(none!, interned(new Key_()), 1)));
  await try_("WithoutCancel", () => {
    context.withoutCancel(none!);
  });
  await try_("no key", () => use(context.withValue(context.background(), undefined, 1)));
  await try_("no error", () => use(...context.withCancel(new Broken({ context: context.background() }))));

  await try_("NewTicker", () => {
    time.newTicker(0);
  });
  const ticker = time.newTicker(1 * time.hour);
  await try_("Ticker.Reset", () => ticker.reset(-1 * time.second));

  await try_("nothing", () => {});
  console.log("still running");
});
