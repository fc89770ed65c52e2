// A closed channel is always ready, so it is taken out: a case that is null takes no part.
import { chan, go, main, type ReceiveChan, select, type SendChan } from "gocsp";

const count = async (out: SendChan<number>, n: number) => {
  for (let i = 1; i <= n; i++) await out.send(i);
  out.close();
};

main(async () => {
  const [a, b] = [chan<number>(), chan<number>()];
  go(count, a, 1);
  go(count, b, 3);
  let sum = 0;
  const open: Record<"a" | "b", ReceiveChan<number> | null> = { a, b };
  while (open.a !== null || open.b !== null) {
    const op = await select(open);
    if (op.ok) sum += op.value;
    else open[op.case] = null;
  }
  console.log("sum:", sum);
});
