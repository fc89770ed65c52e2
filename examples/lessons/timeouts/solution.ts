// A select with two cases. The answer that comes too late finds a place in the buffer.
import { chan, go, main, select, time } from "gocsp";

main(async () => {
  const answer = chan<string>(1);
  go(async () => {
    await time.sleep(1 * time.hour);
    await answer.send("here I am");
  });
  const op = await select({ answer, late: time.after(100 * time.millisecond) });
  console.log(op.case === "answer" ? op.value : "no answer");
});
