// A buffer lets a sender run ahead: two letters lie in the box before anybody reads, and the third waits for a place.
// Letters leave in the order in which they came.
import { chan, go, main } from "gocsp";

main(async () => {
  const box = chan<string>(2);
  await box.send("letter 1");
  await box.send("letter 2");
  console.log("in the box:", box.length, "of", box.capacity);
  go(async () => {
    await box.send("letter 3");
    box.close();
  });
  for await (const letter of box) console.log(letter);
});
