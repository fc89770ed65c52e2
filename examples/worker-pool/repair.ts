// Repaired: room for all results, so that no worker waits for main.
import { chan, main, type ReceiveChan, type SendChan, sync } from "gocsp";

const worker = async (jobs: ReceiveChan<number>, outcomes: SendChan<number>) => {
  for await (const job of jobs) await outcomes.send(job * job);
};

main(async () => {
  const jobs = chan<number>(2);
  const outcomes = chan<number>(2);
  const workers = new sync.WaitGroup();
  for (let i = 0; i < 2; i++) workers.go(worker, jobs, outcomes);
  for (let job = 1; job <= 2; job++) await jobs.send(job);
  jobs.close();
  await workers.wait();
  outcomes.close();

  let sum = 0;
  for await (const outcome of outcomes) sum += outcome;
  console.log("sum of squares:", sum);
});
