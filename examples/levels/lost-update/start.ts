// Two visitors, one counter in a database: read it, add one, write it back.
import { gosched, main, sync } from "gocsp";

let stored = 0;

const visit = async () => {
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
