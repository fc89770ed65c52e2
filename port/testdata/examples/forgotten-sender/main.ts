// The forgotten sender, and how not to forget it: main waits for an answer only so long, and the answer comes later. Its
// channel has room for it, so that the goroutine can put it down and go.
import { chan, main, select, sync, time } from "gocsp";

main(async () => {
  const answer = chan<string>(1);
  const late = time.after(10 * time.millisecond);
  const asked = new sync.WaitGroup();
  asked.go(async () => {
    await time.sleep(50 * time.millisecond);
    await answer.send("42");
  });
  const op = await select({ answer, late });
  switch (op.case) {
    case "answer": {
      const text = op.value ?? "";
      console.log(text);
      break;
    }
    case "late":
      console.log("no answer in time");
  }
  await asked.wait();
  console.log("and nobody is left behind");
});
