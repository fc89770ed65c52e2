// Three buyers and two seats. The assertion holds in the order in which they come, and in every other.
import { chan, gosched, main, type ReceiveChan, sync } from "gocsp";

let sold = 0;

const buy = async (name: string, seats: ReceiveChan<number>) => {
  const [seat, ok] = await seats.receiveOk();
  if (!ok) {
    console.log(name, "comes too late");
    return;
  }
  await gosched(); // pays
  sold++;
  console.log(name, "has seat", seat);
};

main(async () => {
  const seats = chan<number>(2);
  await seats.send(1);
  await seats.send(2);
  seats.close();
  const buyers = new sync.WaitGroup();
  for (const name of ["ann", "bob", "cleo"]) buyers.go(buy, name, seats);
  await buyers.wait();
  if (sold !== 2) throw new Error(`sold ${sold} of 2 seats`);
});
