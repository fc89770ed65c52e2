import { chan, context, errors, select, time } from "gocsp";
import { check, equal, thrownBy } from "./check.mjs";

await check("context.withCancel ends the whole tree at once", async () => {
  const [parent, cancel] = context.withCancel(context.background());
  const [child, cancelChild] = context.withCancel(parent);
  equal(child.err(), undefined);
  cancel();
  equal(child.err(), context.canceled);
  equal(child.err().message, "context canceled");
  equal((await child.done().receiveOk())[1], false);
  cancelChild();
});

await check("context.withTimeout ends by its deadline", async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), 10);
  equal(ctx.deadline() instanceof Date, true);
  equal((await select({ late: time.after(time.hour), done: ctx.done() })).case, "done");
  equal(ctx.err(), context.deadlineExceeded);
  equal(ctx.err().message, "context deadline exceeded");
  cancel();
});

await check("operations with a context give up when it ends", async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), 10);
  const ch = chan();
  equal(await thrownBy(() => ch.receive(ctx)), context.deadlineExceeded);
  equal(await thrownBy(() => ch.send(1, ctx)), context.deadlineExceeded);
  equal(await thrownBy(() => time.sleep(ctx, time.hour)), context.deadlineExceeded);
  cancel();
});

await check("context.withValue finds typed keys", async () => {
  const [language, color] = [context.key("language"), context.key("color")];
  const ctx = context.withValue(context.background(), language, "Go");
  equal(ctx.value(language), "Go");
  equal(ctx.value(color), undefined);
});

await check("context.cause tells why", async () => {
  const [ctx, cancel] = context.withCancelCause(context.background());
  const reason = new Error("out of coffee");
  cancel(reason);
  equal(ctx.err(), context.canceled);
  equal(context.cause(ctx), reason);
});

await check("context.afterFunc runs after the end, unless stopped", async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const called = chan(2);
  const stop = context.afterFunc(ctx, () => void called.trySend("stopped"));
  context.afterFunc(ctx, () => void called.trySend("called"));
  equal(stop(), true);
  cancel();
  equal(await called.receive(), "called");
  equal(called.length, 0);
});

await check("context.signal aborts with the cause", async () => {
  const [ctx, cancel] = context.withCancelCause(context.background());
  const signal = context.signal(ctx);
  equal(signal instanceof AbortSignal, true);
  equal(signal.aborted, false);
  const reason = new Error("enough");
  cancel(reason);
  equal(signal.aborted, true);
  equal(signal.reason, reason);
});

await check("context.fromSignal ends with the signal", async () => {
  const controller = new AbortController();
  const [ctx, cancel] = context.fromSignal(context.background(), controller.signal);
  equal(ctx.err(), undefined);
  const reason = new Error("the user left");
  controller.abort(reason);
  equal(ctx.err(), context.canceled);
  equal(context.cause(ctx), reason);
  cancel();
});

await check("a cancel function is disposable", () => {
  const [ctx, cancel] = context.withCancel(context.background());
  cancel[Symbol.dispose]();
  equal(ctx.err(), context.canceled);
});

await check("errors.is follows the causes", () => {
  const wrapped = new Error("query failed", { cause: new Error("row", { cause: context.canceled }) });
  equal(errors.is(wrapped, context.canceled), true);
  equal(errors.is(wrapped, context.deadlineExceeded), false);
  equal(errors.is(undefined, context.canceled), false);
});
