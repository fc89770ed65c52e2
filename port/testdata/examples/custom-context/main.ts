// Contexts of one's own: one that embeds another and changes a value, one with its own end, one with its own AfterFunc.
// What is derived from them follows them, not what they are made of.
import {
  type CancelCauseFunc,
  type Chan,
  chan,
  type Context,
  context,
  defer,
  errors,
  type Key,
  main,
  nilChan,
  type ReceiveChan,
  time,
} from "gocsp";
import { equal, interned, nilMap } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class UserKey {}

/** renamed answers one key itself and leaves the rest to the context inside. */
class Renamed {
  context!: Context;
  user = "";

  constructor(init?: Partial<Renamed>) {
    Object.assign(this, init);
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    if (equal(key, new UserKey())) {
      return this.user;
    }
    return this.context.value(key);
  }

  deadline(): Date | undefined {
    return this.context.deadline();
  }

  done(): ReceiveChan<never> {
    return this.context.done();
  }

  err(): Error | undefined {
    return this.context.err();
  }
}

const errClosing = new Error("shop is closing");

/** shop is a context that ends when it closes, with an error of its own. */
class Shop {
  context!: Context;
  done_: Chan<void> = nilChan();
  err_: Error | undefined;

  constructor(init?: Partial<Shop>) {
    Object.assign(this, init);
  }

  done(): ReceiveChan<never> {
    return this.done_ as ReceiveChan<never>;
  }

  err(): Error | undefined {
    return this.err_;
  }

  close(): void {
    this.err_ = errClosing;
    this.done_.close();
  }

  deadline(): Date | undefined {
    return this.context.deadline();
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return this.context.value(key);
  }
}

/** registry knows by itself whom to tell: whoever derives from it registers through its AfterFunc. */
class Registry {
  shop = new Shop();
  calls: Map<number, () => void> = nilMap();
  registered = 0;

  constructor(init?: Partial<Registry>) {
    Object.assign(this, init);
  }

  afterFunc(f: () => void): () => boolean {
    const id = this.registered;
    this.registered++;
    this.calls.set(id, f);
    return (): boolean => {
      const found = this.calls.has(id);
      this.calls.delete(id);
      return found;
    };
  }

  close(): void {
    this.shop.close();
    for (const f of this.calls.values()) {
      f();
    }
    this.calls.clear();
  }

  deadline(): Date | undefined {
    return this.shop.context.deadline();
  }

  done(): ReceiveChan<never> {
    return this.shop.done();
  }

  err(): Error | undefined {
    return this.shop.err();
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return this.shop.context.value(key);
  }
}

main(async () => {
  // An embedded context: its end reaches the derived context before cancel returns.
  const [inner, cancel] = context.withCancelCause(context.withValue(context.background(), interned(new UserKey()), "root"));
  const wrapped = new Renamed({ context: inner, user: "gopher" });
  let [child, cancelChild] = context.withCancel(wrapped);
  using _ = defer(cancelChild);
  fmt.println("values:", inner.value(interned(new UserKey())), wrapped.value(new UserKey()), child.value(interned(new UserKey())));
  cancel(new Error("because"));
  fmt.println("child:", child.err(), "/", context.cause(child));

  // A context with its own channel: its child hears of the end from a goroutine, and takes over whatever the error is.
  const [outer, cancelOuter] = context.withCancel(context.background());
  let own = new Shop({ context: outer, done_: chan<void>() });
  [child, cancelChild] = context.withCancel(own);
  using _1 = defer(cancelChild);
  cancelOuter();
  console.log("own is alive:", own.err() === undefined, child.err() === undefined);
  own.close();
  await child.done().receive();
  fmt.println("child:", child.err());

  // So does a child with a deadline, and the error is its cause.
  own = new Shop({ context: context.background(), done_: chan<void>() });
  [child, cancelChild] = context.withTimeout(own, 1 * time.hour);
  using _2 = defer(cancelChild);
  own.close();
  await child.done().receive();
  fmt.println("child:", child.err(), "/", context.cause(child), "is errClosing:", errors.is(child.err(), errClosing));

  // Canceling a child with a cause leaves the parent alone.
  own = new Shop({ context: context.background(), done_: chan<void>() });
  let fail: CancelCauseFunc;
  [child, fail] = context.withCancelCause(own);
  fail(new Error("only the child"));
  fmt.println("child:", child.err(), "/", context.cause(child), "parent is alive:", own.err() === undefined);

  // A context with its own AfterFunc: one registration per child, taken back when the child is canceled first.
  const reg = new Registry({
    shop: new Shop({ context: context.background(), done_: chan<void>() }),
    calls: new Map<number, () => void>(),
  });
  const [a, cancelA] = context.withCancel(reg);
  const [b, cancelB] = context.withCancel(context.withValue(reg, interned(new UserKey()), "b"));
  using _3 = cancelB;
  const stop = context.afterFunc(reg, () => {
    console.log("never printed");
  });
  console.log("registered:", reg.registered, "waiting:", reg.calls.size);
  cancelA();
  console.log("stop:", stop());
  console.log("registered:", reg.registered, "waiting:", reg.calls.size);
  reg.close();
  await b.done().receive(); // a value context in between hides the AfterFunc: b hears of the end from a goroutine
  fmt.println("a:", a.err(), "b:", b.err());
});
