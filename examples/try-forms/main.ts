// The same without select: in TypeScript trySend and tryReceive do not even have to be awaited.
// A mailbox of two places that drops the oldest letter when a new one finds it full.
import { type Chan, chan, main } from "gocsp";

const put = (box: Chan<string>, letter: string) => {
  while (!box.trySend(letter)) {
    const dropped = box.tryReceive();
    if (dropped) console.log("dropped:", dropped.value);
  }
};

main(async () => {
  const box = chan<string>(2);
  for (const letter of ["a", "b", "c", "d", "e"]) put(box, letter);
  console.log("in the box:", box.length, "of", box.capacity);
  box.close();
  for (;;) {
    const [letter, ok] = await box.receiveOk();
    console.log(JSON.stringify(letter ?? ""), ok);
    if (!ok) break;
  }
});
