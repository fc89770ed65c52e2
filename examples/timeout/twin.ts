// Broken: time.after is made again in each turn. Someone says a word every 30 ms, so the 100 ms never pass while he speaks.
import { chan, go, main, select, time } from "gocsp";

main(async () => {
  const words = chan<string>();
  go(async () => {
    for (let i = 0; i < 10; i++) {
      await words.send("bla");
      await time.sleep(30 * time.millisecond);
    }
  });
  const begun = Date.now();
  for (;;) {
    const op = await select({ word: words, enough: time.after(100 * time.millisecond) });
    if (op.case === "enough") break;
  }
  const took = Date.now() - begun;
  if (took > 100) throw new Error(`listened for ${took} ms instead of 100`);
  console.log("enough");
});
