// A bounded pool as errgroup has it: at most three at a time, results in the order of the input. The first error is
// what wait reports; it ends the context that the others watch.
import { type Context, context, errors, main } from "gocsp";
import * as errgroup from "gocsp/errgroup";

const squares = async (parent: Context, inputs: string[]): Promise<[number[], Error | undefined]> => {
  const [g, ctx] = errgroup.withContext(parent);
  g.setLimit(3);
  const results = Array<number>(inputs.length);
  let failed = -1;
  let [active, most] = [0, 0];
  for (const [i, input] of inputs.entries()) {
    await g.go(async () => {
      most = Math.max(most, ++active);
      try {
        const n = Number(input);
        if (Number.isNaN(n)) {
          failed = i;
          throw new Error(`job ${i}: "${input}" is no number`);
        }
        if (n === 0) {
          await ctx.done().receive();
          throw ctx.err();
        }
        results[i] = n * n;
      } finally {
        active--;
      }
    });
  }
  let failure: Error | undefined;
  try {
    await g.wait();
  } catch (err) {
    failure = err as Error;
  }
  console.log("never more than three:", most <= 3);
  if (failure === undefined) return [results, undefined];
  console.log("the cause is the error:", context.cause(ctx) === failure);
  console.log("canceled:", errors.is(ctx.err(), context.canceled));
  return [results.slice(0, failed), failure];
};

const print = ([results, err]: [number[], Error | undefined]) =>
  console.log(`[${results.join(" ")}] ${err?.message ?? "<nil>"}`);

main(async () => {
  print(await squares(context.background(), ["3", "1", "4", "1", "5", "9", "2", "6", "5", "3"]));
  // A zero waits until the context ends.
  print(await squares(context.background(), ["2", "7", "1", "x", "0", "0", "0"]));
});
