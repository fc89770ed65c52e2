// Custom contexts: one that embeds another and changes a value, one with its own end, one with its own afterFunc.
// A context derived from a custom one follows that one, not the context inside it.
import { chan, context, type Context, errors, type Key, main, type ReceiveChan, time } from "gocsp";

const userKey = context.key<string>("user");

/** Delegates every method to the context inside: what embedding a context does in Go. */
class Embedding implements Context {
  readonly #inside: Context;

  constructor(inside: Context) {
    this.#inside = inside;
  }

  done(): ReceiveChan<never> {
    return this.#inside.done();
  }

  err(): Error | undefined {
    return this.#inside.err();
  }

  deadline(): Date | undefined {
    return this.#inside.deadline();
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return this.#inside.value(key);
  }
}

/** Overrides the value of one key and delegates the rest to the context inside. */
class Renamed extends Embedding {
  readonly #user: string;

  constructor(inside: Context, user: string) {
    super(inside);
    this.#user = user;
  }

  override value<T>(key: Key<T>): T | undefined;
  override value(key: unknown): unknown;
  override value(key: unknown): unknown {
    return key === userKey ? this.#user : super.value(key);
  }
}

const errClosing = new Error("shop is closing");

/** A context that ends when it closes, with an error of its own. */
class Shop extends Embedding {
  readonly #done = chan<never>();
  #err: Error | undefined;

  override done(): ReceiveChan<never> {
    return this.#done;
  }

  override err(): Error | undefined {
    return this.#err;
  }

  close() {
    this.#err = errClosing;
    this.#done.close();
  }
}

/** Keeps its own registrations: contexts derived from it register through its afterFunc. */
class Registry extends Shop {
  readonly calls = new Map<number, () => void>();
  registered = 0;

  afterFunc(f: () => void): () => boolean {
    const id = this.registered++;
    this.calls.set(id, f);
    return () => this.calls.delete(id);
  }

  override close() {
    super.close();
    for (const f of this.calls.values()) f();
    this.calls.clear();
  }
}

const text = (err: Error | undefined) => err?.message ?? "<nil>";

main(async () => {
  // An embedded context: its end reaches the derived context before cancel returns.
  const [inner, cancel] = context.withCancelCause(context.withValue(context.background(), userKey, "root"));
  const wrapped = new Renamed(inner, "gopher");
  let [child, cancelChild] = context.withCancel(wrapped);
  console.log("values:", inner.value(userKey), wrapped.value(userKey), child.value(userKey));
  cancel(new Error("because"));
  console.log("child:", text(child.err()), "/", text(context.cause(child)));

  // A context with its own channel: a goroutine passes the end on to its child, which takes over the error, whatever it is.
  const [outer, cancelOuter] = context.withCancel(context.background());
  let own = new Shop(outer);
  [child, cancelChild] = context.withCancel(own);
  cancelOuter();
  console.log("own is alive:", own.err() === undefined, child.err() === undefined);
  own.close();
  await child.done().receive();
  console.log("child:", text(child.err()));
  cancelChild();

  // So does a child with a deadline, and the error is its cause.
  own = new Shop(context.background());
  [child, cancelChild] = context.withTimeout(own, 1 * time.hour);
  own.close();
  await child.done().receive();
  const isClosing = errors.is(child.err(), errClosing);
  console.log("child:", text(child.err()), "/", text(context.cause(child)), "is errClosing:", isClosing);
  cancelChild();

  // Canceling a child with a cause leaves the parent alone.
  own = new Shop(context.background());
  const [alone, fail] = context.withCancelCause(own);
  fail(new Error("only the child"));
  const alive = own.err() === undefined;
  console.log("child:", text(alone.err()), "/", text(context.cause(alone)), "parent is alive:", alive);

  // A context with its own afterFunc: one registration per child, taken back when the child is canceled first.
  const reg = new Registry(context.background());
  const [a, cancelA] = context.withCancel(reg);
  const [b, cancelB] = context.withCancel(context.withValue(reg, userKey, "b"));
  using _ = cancelB;
  const stop = context.afterFunc(reg, () => console.log("never printed"));
  console.log("registered:", reg.registered, "waiting:", reg.calls.size);
  cancelA();
  console.log("stop:", stop());
  console.log("registered:", reg.registered, "waiting:", reg.calls.size);
  reg.close();
  await b.done().receive(); // a value context in between hides the afterFunc: a goroutine passes the end on to b
  console.log("a:", text(a.err()), "b:", text(b.err()));
});
