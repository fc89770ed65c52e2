// The jobs are on a channel that is closed; each worker takes the next until there is none.
import { chan, main, type ReceiveChan, sync, time } from "gocsp";

const results: number[] = [];

const work = async (job: number) => {
  await time.sleep(10 * time.millisecond);
  results.push(job * job);
};

const worker = async (jobs: ReceiveChan<number>) => {
  for await (const job of jobs) await work(job);
};

main(async () => {
  const jobs = chan<number>(4);
  for (let job = 1; job <= 4; job++) await jobs.send(job);
  jobs.close();
  const workers = new sync.WaitGroup();
  for (let i = 0; i < 2; i++) workers.go(worker, jobs);
  await workers.wait();
  console.log("results:", results.sort((a, b) => a - b).join(" "));
});
