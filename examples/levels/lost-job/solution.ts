// Closing the jobs is the message: whoever ranges over them does what is left, and then leaves.
import { chan, main, type ReceiveChan, sync } from "gocsp";

let done = 0;

const worker = async (jobs: ReceiveChan<number>) => {
  for await (const _ of jobs) done++;
};

main(async () => {
  const jobs = chan<number>(2);
  const workers = new sync.WaitGroup();
  workers.go(worker, jobs);
  await jobs.send(1);
  await jobs.send(2);
  jobs.close();
  await workers.wait();
  if (done !== 2) throw new Error(`a job was lost: ${done} of 2 done`);
  console.log("all jobs are done");
});
