// Two writers and a log. Main closes the log when the work is done.
import { chan, gosched, main, type SendChan, sync } from "gocsp";

const write = async (log: SendChan<string>, line: string, work: sync.WaitGroup) => {
  work.done(); // the work itself
  await gosched(); // looks for words
  await log.send(line);
};

main(async () => {
  const log = chan<string>(2);
  const work = new sync.WaitGroup();
  work.add(2);
  const writers = new sync.WaitGroup();
  writers.go(write, log, "ann was here", work);
  writers.go(write, log, "bob was here", work);
  await work.wait();
  log.close();
  for await (const line of log) console.log(line);
  await writers.wait();
});
