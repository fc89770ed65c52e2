// Broken: no room for the answer. Main has given up when it comes, and the goroutine waits for a receiver for ever.
import { chan, go, main, select, time } from "gocsp";

main(async () => {
  const answer = chan<string>();
  go(async () => {
    await time.sleep(50 * time.millisecond);
    await answer.send("42");
  });
  const op = await select({ answer, late: time.after(10 * time.millisecond) });
  console.log(op.case === "answer" ? op.value : "no answer in time");
  await time.sleep(100 * time.millisecond); // main goes on with other things
});
