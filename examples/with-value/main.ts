// A context carries values that belong to one request; a key that was not set yields nothing.
// After the example of WithValue in Go's context package. A key made by context.key knows the type of its value.
import { context, type Context, type Key, main } from "gocsp";

main(async () => {
  const f = (ctx: Context, k: Key<string>) => {
    const v = ctx.value(k);
    if (v !== undefined) {
      console.log("found value:", v);
      return;
    }
    console.log("key not found:", `${k}`);
  };

  const k = context.key<string>("language");
  const ctx = context.withValue(context.background(), k, "Go");

  f(ctx, k);
  f(ctx, context.key<string>("color"));
});
