// The forgotten sender, and how not to forget it: main waits for an answer for a limited time, and the answer comes
// later. Its channel has room for it, so that the goroutine can send it and end.
import { chan, main, select, sync, time } from "gocsp";

main(async () => {
  const answer = chan<string>(1);
  const asked = new sync.WaitGroup();
  asked.go(async () => {
    await time.sleep(50 * time.millisecond);
    await answer.send("42");
  });
  const op = await select({ answer, late: time.after(10 * time.millisecond) });
  console.log(op.case === "answer" ? op.value : "no answer in time");
  await asked.wait();
  console.log("and nobody is left behind");
});
