// Two workers, four jobs of 10 ms: all are done at 20 ms. Who does which is settled by who is free.
import { chan, main, type ReceiveChan, sync, time } from "gocsp";

const worker = async (name: string, jobs: ReceiveChan<number>) => {
  for await (const job of jobs) {
    await time.sleep(10 * time.millisecond);
    console.log(name, "has done job", job);
  }
};

main(async () => {
  const jobs = chan<number>(4);
  for (let job = 1; job <= 4; job++) await jobs.send(job);
  jobs.close();
  const workers = new sync.WaitGroup();
  workers.go(worker, "ann", jobs);
  workers.go(worker, "bob", jobs);
  await workers.wait();
});
