// A context carries values that belong to one request; a key that nobody set finds nothing.
// After the example of WithValue in Go's context package.
import { type Context, context, main } from "gocsp";
import { box, Boxed, interned } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

type FavContextKey = string;

/** A favContextKey in an interface: the value with its methods. */
class FavContextKeyValue extends Boxed<FavContextKey> {
  static override typeName = "main.favContextKey";
}

main(() => {
  const f = (ctx: Context, k: FavContextKey) => {
    const v = ctx.value(interned(box(FavContextKeyValue, k)));
    if (v !== undefined) {
      fmt.println("found value:", v);
      return;
    }
    console.log("key not found:", k);
  };

  const k = "language";
  const ctx = context.withValue(context.background(), interned(box(FavContextKeyValue, k)), "Go");

  f(ctx, k);
  f(ctx, "color");
});
