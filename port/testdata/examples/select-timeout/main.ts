// Timeouts in a select: for one answer, afresh for every message, and for a whole conversation.
// time.After made inside the loop starts again with each turn; made once outside, it limits all turns together.
import { chan, go, main, select, time } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

main(async () => {
  const never = chan<string>();
  const soon = chan<string>();

  // One answer that does not come.
  const op = await select({ never, after: time.after(5 * time.millisecond) });
  switch (op.case) {
    case "never": {
      const s = op.value ?? "";
      console.log(s);
      break;
    }
    case "after":
      console.log("no answer");
  }

  // One answer in time. The timer that lost costs nothing and holds nothing up.
  go(async () => await soon.send("here I am"));
  const op1 = await select({ soon, after: time.after(1 * time.hour) });
  switch (op1.case) {
    case "soon": {
      const s = op1.value ?? "";
      console.log(s);
      break;
    }
    case "after":
      console.log("no answer");
  }

  // A timeout for each message: three come, the fourth does not.
  go(async () => {
    for (let i = 0; i < 3; i++) {
      await time.sleep(1 * time.millisecond);
      await soon.send(fmt.sprint("message ", i));
    }
  });
  each: for (;;) {
    const op2 = await select({ soon, after: time.after(100 * time.millisecond) });
    switch (op2.case) {
      case "soon": {
        const s = op2.value ?? "";
        console.log(s);
        break;
      }
      case "after":
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
    const op2 = await select({ soon, enough });
    switch (op2.case) {
      case "soon":
        heard++;
        break;
      case "enough":
        console.log("heard something:", heard > 0);
        break whole;
    }
  }
});
