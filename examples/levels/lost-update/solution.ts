// A lock makes one of reading and writing.
import { gosched, main, sync } from "gocsp";

let stored = 0;
const mu = new sync.Mutex();

const visit = async () => {
  using _ = await mu.lock();
  const seen = stored;
  await gosched(); // the database answers
  stored = seen + 1;
};

main(async () => {
  const visitors = new sync.WaitGroup();
  visitors.go(visit);
  visitors.go(visit);
  await visitors.wait();
  console.log("visitors:", stored);
  if (stored !== 2) throw new Error(`an update was lost: ${stored}`);
});
