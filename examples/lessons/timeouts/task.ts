// The server answers after an hour. Give up after 100 ms, and print "no answer".
import { chan, go, main, time } from "gocsp";

main(async () => {
  const answer = chan<string>(1);
  go(async () => {
    await time.sleep(1 * time.hour);
    await answer.send("here I am");
  });
  console.log(await answer.receive());
});
