// With a limit, go waits for a free place: await it.
import { gosched, main } from "gocsp";
import * as errgroup from "gocsp/errgroup";

let [open, answered] = [0, 0];

const request = async () => {
  if (++open > 2) throw new Error(`${open} requests at a time`);
  await gosched(); // the server answers
  open--;
  answered++;
};

main(async () => {
  const requests = new errgroup.Group();
  requests.setLimit(2);
  for (let i = 0; i < 3; i++) await requests.go(request);
  await requests.wait();
  console.log("answered:", answered);
});
