// The process has to live as long as a goroutine waits for time to pass, though the module has ended.
import { chan, go, select, time } from "gocsp";

go(async () => {
  const op = await select({ never: chan(), late: time.after(300 * time.millisecond) });
  console.log(op.case);
});
