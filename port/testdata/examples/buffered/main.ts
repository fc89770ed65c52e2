// A buffer lets a sender run ahead: two letters lie in the box before anybody reads, and the third waits for a place.
// Letters leave in the order in which they came.
import { chan, go, main } from "gocsp";

main(async () => {
  const box_ = chan<string>(2);
  await box_.send("letter 1");
  await box_.send("letter 2");
  console.log("in the box:", box_.length, "of", box_.capacity);
  go(async () => {
    await box_.send("letter 3");
    box_.close();
  });
  for await (const letter of box_) {
    console.log(letter);
  }
});
