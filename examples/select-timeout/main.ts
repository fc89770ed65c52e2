// Timeouts in a select: for one answer, afresh for every message, and for a whole conversation.
// time.after made inside the loop starts again with each turn; made once outside, it limits all turns together.
import { chan, go, main, select, time } from "gocsp";

main(async () => {
  const never = chan<string>();
  const soon = chan<string>();

  // One answer that does not come.
  const first = await select({ answer: never, late: time.after(5 * time.millisecond) });
  switch (first.case) {
    case "answer":
      console.log(first.value);
      break;
    case "late":
      console.log("no answer");
  }

  // One answer in time. The timer that lost costs nothing and delays nothing.
  go(() => soon.send("here I am"));
  const second = await select({ answer: soon, late: time.after(1 * time.hour) });
  switch (second.case) {
    case "answer":
      console.log(second.value);
      break;
    case "late":
      console.log("no answer");
  }

  // A timeout for each message: three come, the fourth does not.
  go(async () => {
    for (let i = 0; i < 3; i++) {
      await time.sleep(1 * time.millisecond);
      await soon.send(`message ${i}`);
    }
  });
  each: for (;;) {
    const op = await select({ message: soon, late: time.after(100 * time.millisecond) });
    switch (op.case) {
      case "message":
        console.log(op.value);
        break;
      case "late":
        console.log("silence");
        break each;
    }
  }

  // A timeout for the whole conversation: someone talks without end.
  go(async () => {
    for (;;) {
      await soon.send("bla");
      await time.sleep(1 * time.millisecond);
    }
  });
  let heard = 0;
  const enough = time.after(20 * time.millisecond);
  whole: for (;;) {
    const op = await select({ message: soon, enough });
    switch (op.case) {
      case "message":
        heard++;
        break;
      case "enough":
        console.log("heard something:", heard > 0);
        break whole;
    }
  }
});
