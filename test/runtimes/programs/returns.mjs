// The program ends when main returns, whatever else still waits.
import { chan, go, main, select, time } from "gocsp";

main(async () => {
  const never = chan();
  go(() => never.receive());
  go(() => time.sleep(time.hour));
  go(async () => {
    for (;;) await select({ never, tick: time.after(time.minute) });
  });
  time.newTicker(time.second);
  setTimeout(() => {}, 60_000);
  await time.sleep(time.millisecond);
  console.log("main returns");
});
