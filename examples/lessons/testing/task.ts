// This test has always passed. Find the schedule in which it does not, then repair what it tests.
import { gosched, main, sync } from "gocsp";

let [seats, sold] = [1, 0];

const buy = async () => {
  if (seats === 0) return;
  await gosched(); // pays
  seats--;
  sold++;
};

main(async () => {
  const buyers = new sync.WaitGroup();
  buyers.go(buy);
  buyers.go(buy);
  await buyers.wait();
  console.log("sold:", sold, "left:", seats);
});
