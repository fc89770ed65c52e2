// Broken: time.after is made anew in each turn. Someone says a word every 30 ms, so the 100 ms never pass.
import { chan, go, main, select, time } from "gocsp";

main(async () => {
  const words = chan<string>();
  go(async () => {
    for (;;) {
      await words.send("bla");
      await time.sleep(30 * time.millisecond);
    }
  });
  for (;;) {
    const op = await select({ word: words, enough: time.after(100 * time.millisecond) });
    if (op.case === "enough") break;
  }
  console.log("enough");
});
