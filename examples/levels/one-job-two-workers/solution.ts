// The jobs come from a channel: to receive one is to look for it and to take it, in one step.
import { chan, gosched, main, type ReceiveChan, sync } from "gocsp";

const done: number[] = [];

const worker = async (jobs: ReceiveChan<number>) => {
  const id = (await jobs.receive())!;
  await gosched(); // the work
  if (done.includes(id)) throw new Error(`job ${id} is done twice`);
  done.push(id);
};

main(async () => {
  const jobs = chan<number>(2);
  await jobs.send(1);
  await jobs.send(2);
  const workers = new sync.WaitGroup();
  workers.go(worker, jobs);
  workers.go(worker, jobs);
  await workers.wait();
  console.log("jobs done:", done.length);
});
