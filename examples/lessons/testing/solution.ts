// The seat is taken in the step in which it is seen: no await in between.
import { gosched, main, sync } from "gocsp";

let [seats, sold] = [1, 0];

const buy = async () => {
  if (seats === 0) return;
  seats--;
  await gosched(); // pays
  sold++;
};

main(async () => {
  const buyers = new sync.WaitGroup();
  buyers.go(buy);
  buyers.go(buy);
  await buyers.wait();
  console.log("sold:", sold, "left:", seats);
});
