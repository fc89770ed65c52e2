// The server bears two requests at a time, and gets three. Limit the group.
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
  for (let i = 0; i < 3; i++) void requests.go(request);
  await requests.wait();
  console.log("answered:", answered);
});
