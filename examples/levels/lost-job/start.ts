// A worker does jobs until it is told to quit. Main hands out two and then says: quit.
import { chan, go, main, type ReceiveChan, select, sync } from "gocsp";

let done = 0;

const worker = async (jobs: ReceiveChan<number>, quit: ReceiveChan<never>) => {
  for (;;) {
    const op = await select({ job: jobs, quit });
    if (op.case === "quit") return;
    done++;
  }
};

main(async () => {
  const [jobs, quit] = [chan<number>(2), chan<never>()];
  const workers = new sync.WaitGroup();
  workers.go(worker, jobs, quit);
  await jobs.send(1);
  await jobs.send(2);
  go(() => quit.close());
  await workers.wait();
  if (done !== 2) throw new Error(`a job was lost: ${done} of 2 done`);
  console.log("all jobs are done");
});
