// The same without select: in TypeScript trySend and tryReceive do not even have to be awaited.
// A mailbox of two places that drops the oldest letter when a new one finds it full.
import { type Chan, chan, main } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

function put_(box_: Chan<string>, letter: string): void {
  for (;;) {
    if (box_.trySend(letter)) {
      return;
    }
    const got = box_.tryReceive();
    if (got !== undefined) {
      const dropped = got.value ?? "";
      console.log("dropped:", dropped);
    }
  }
}

main(async () => {
  const box_ = chan<string>(2);
  for (const letter of ["a", "b", "c", "d", "e"]) {
    put_(box_, letter);
  }
  console.log("in the box:", box_.length, "of", box_.capacity);
  box_.close();
  for (;;) {
    const [letter = "", ok] = await box_.receiveOk();
    fmt.printf("%q %v\n", letter, ok);
    if (!ok) {
      break;
    }
  }
});
