// Two workers look for the first open job in a table, mark it as taken, and do it.
import { gosched, main, sync } from "gocsp";

const jobs = [
  { id: 1, taken: false },
  { id: 2, taken: false },
];
const done: number[] = [];

const worker = async () => {
  const job = jobs.find(({ taken }) => !taken);
  if (job === undefined) return;
  await gosched(); // the table is far away
  job.taken = true;
  if (done.includes(job.id)) throw new Error(`job ${job.id} is done twice`);
  done.push(job.id);
};

main(async () => {
  const workers = new sync.WaitGroup();
  workers.go(worker);
  workers.go(worker);
  await workers.wait();
  console.log("jobs done:", done.length);
});
